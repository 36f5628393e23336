import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { clearedTrajectory } from '../adapters/filesystem/clear-trajectory.ts';
import { artifactType } from '../domain/artifact.ts';
import type { FaultNote } from '../domain/fault-note.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { exactRule, redactAll, type SecretGuard } from '../domain/secret-guard.ts';
import { patchText } from '../flows/find-secrets.ts';
import { type ArtifactFile, keepArtifacts } from '../flows/keep-artifacts.ts';
import type { PublishReport } from '../flows/publish-run.ts';
import type { RunArtifacts } from '../ports/run-artifacts.ts';
import { sha256Hex } from './hand-over.ts';

export interface KeptRun {
  readonly runId: string;
  readonly report: PublishReport;
  readonly trajectory: Uint8Array | undefined;
  readonly fault: FaultNote | undefined;
  readonly log: (line: string) => void;
  readonly guard: SecretGuard;
}

/** For all files of a run together: nobody waits longer for what a run can do without. */
const deadlineMs = 3 * 60_000;

/** Trajectory, patch and result of a run, where its coordinator keeps them. Never throws. */
export async function keepRun(artifacts: RunArtifacts, run: KeptRun, signal: AbortSignal): Promise<void> {
  const { runId, report, log } = run;
  if (report.error?.code === 'E602') {
    // Many may read what is kept, and it stays.
    log('no file of this run is kept: the patch or its texts hold a secret');
    return;
  }
  const files = await filesOf(run);
  const until = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  await keepArtifacts({ artifacts, log }, { runId, files }, until);
}

/** The same bytes for the same run, so that a publisher that is started again finds them there. */
async function filesOf({ report, trajectory, fault, log, guard }: KeptRun): Promise<readonly ArtifactFile[]> {
  const { patch = undefined, ...result } = report.result ?? {};
  const manifest = report.manifest ?? patch;
  const leaks = manifest !== undefined && leaksIn(manifest, { guard, wasPublished: report.outcome === 'succeeded' });
  if (leaks) log('patch.json is not kept: it seems to hold a secret');
  return [
    ...(report.result === undefined ? [] : [jsonFile('result.json', redactAll(result, guard.redact))]),
    ...(manifest === undefined || leaks ? [] : [jsonFile('patch.json', manifest)]),
    ...(fault === undefined ? [] : [jsonFile('fault.json', redactAll(fault, guard.redact))]),
    ...(trajectory === undefined
      ? []
      : [fileOf('trajectory.jsonl.gz', await promisify(gzip)(clearedTrajectory(trajectory, guard.redact).text))]),
  ];
}

/** What only looks like a secret was judged beside its base before it was published. */
function leaksIn(
  manifest: PatchManifest,
  { guard, wasPublished }: { guard: SecretGuard; wasPublished: boolean },
): boolean {
  const texts = manifest.files.map((file) =>
    file.change === 'deleted' ? file.path : `${file.path}\n${patchText(file)}`,
  );
  return guard.find(texts.join('\n')).some(({ rule }) => !wasPublished || rule.startsWith(exactRule));
}

function jsonFile(name: string, value: object): ArtifactFile {
  return fileOf(name, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}

function fileOf(name: string, body: Uint8Array): ArtifactFile {
  return { name, body, bytes: body.length, sha256: sha256Hex(body), contentType: artifactType(name) };
}
