import { foreignSources } from '../domain/package-sources/foreign-sources.ts';
import { sourceFileKind } from '../domain/package-sources/source-files.ts';
import type { PatchManifest } from '../domain/patch.ts';
import type { PatchProblem } from '../domain/patch-check.ts';
import { patchText } from './find-secrets.ts';
import type { PublishRun } from './publish-run.ts';

const longestName = 200;

/**
 * Lock files and settings of package managers that a maintainer lets agents change may still not bring in code from anywhere: what
 * they name is compared with their base and with what the maintainer allows.
 */
export async function foreignPackageSources(
  { forge, task }: Pick<PublishRun, 'forge' | 'task'>,
  manifest: PatchManifest,
): Promise<readonly PatchProblem[]> {
  const problems: PatchProblem[] = [];
  for (const file of manifest.files) {
    if (file.change === 'deleted' || sourceFileKind(file.path) === undefined) continue;
    const base = file.change === 'added' ? undefined : await forge.file(file.path, manifest.base.sha);
    const before = base === undefined ? undefined : new TextDecoder().decode(base);
    for (const { name, host } of foreignSources({ path: file.path, before, after: patchText(file) }, task.network)) {
      const where = name.slice(0, longestName);
      const message = `it would take packages from ${JSON.stringify(where)}, which is new here and no known registry; \`network.setup\` can name the host ${JSON.stringify(host.slice(0, longestName))}`;
      problems.push({ rule: 'package-source', path: file.path, message, setting: 'network.setup' });
    }
  }
  return problems;
}
