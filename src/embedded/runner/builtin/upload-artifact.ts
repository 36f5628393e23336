import path from 'node:path';
import { commonFolder, type FoundFiles, findFiles } from '../artifact/find-files.ts';
import { BuiltinFailure, type BuiltinStep, flag, lines } from './builtin-step.ts';

/** actions/upload-artifact: finds files as the action does and keeps them under a name that is free in this run. */
export function uploadArtifact({ step, inputs }: BuiltinStep): void {
  const { job } = step.frame;
  const wanted = inputs['path'] ?? '';
  if (wanted.trim() === '') throw new BuiltinFailure('Input required and not supplied: path');
  const whenNone = inputs['if-no-files-found'] ?? '';
  if (!['warn', 'error', 'ignore'].includes(whenNone)) {
    throw new BuiltinFailure(
      `Unrecognized if-no-files-found input. Provided: ${whenNone}. Available options: warn, error, ignore`,
    );
  }
  const found = findFiles({
    patterns: lines(wanted),
    cwd: job.folders.workspace,
    home: job.services.env['HOME'] ?? job.folders.temp,
    hiddenFiles: flag(inputs, 'include-hidden-files') ? 'included' : 'excluded',
    symbolicLinks: 'followed',
  });
  if (found.files.length === 0) {
    const message = `No files were found with the provided path: ${wanted}. No artifacts will be uploaded.`;
    if (whenNone === 'error') throw new BuiltinFailure(message);
    if (whenNone === 'warn') step.channel.annotate('warning', message);
    else step.channel.log.write(message);
    return;
  }
  const result = job.services.artifacts.upload({
    name: inputs['name'] ?? '',
    root: rootOf(found),
    files: found.files,
    overwrite: flag(inputs, 'overwrite') ? 'replace' : 'refuse',
  });
  if (result.kind === 'refused') throw new BuiltinFailure(`Failed to upload the artifact: ${result.reason}`);
  const { artifact } = result;
  step.outputs['artifact-id'] = String(artifact.id);
  step.outputs['artifact-digest'] = artifact.digest.replace(/^sha256:/, '');
  const runUrl = `${String(job.github['server_url'])}/${String(job.github['repository'])}/actions/runs/${String(job.github['run_id'])}`;
  step.outputs['artifact-url'] = `${runUrl}/artifacts/${artifact.id}`;
  step.channel.log.write(
    `Artifact ${artifact.name} (${found.files.length} files, ${artifact.size} bytes), ID ${artifact.id}`,
  );
}

/** Paths in an artifact are relative to what its patterns have in common; a single file stands alone. */
function rootOf(found: FoundFiles): string {
  const [first = '/'] = found.searchPaths;
  if (found.searchPaths.length > 1) return commonFolder(found.searchPaths);
  return found.files.length === 1 && found.files[0] === first ? path.dirname(first) : first;
}
