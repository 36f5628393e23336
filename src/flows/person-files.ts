import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { artifactPrefix } from '../domain/artifact.ts';
import { concerns } from '../domain/person/erased-data.ts';
import type { ObjectStore } from '../ports/object-store.ts';

export interface KeptObject {
  readonly key: string;
  /** Milliseconds since 1970; absent: nothing locks it, and the store's own rules remove it. */
  readonly until?: number;
}

/** Files of these runs, in all their versions: task, trajectory, patch and logs hold the texts of the issue. */
export async function removeArtifacts(
  artifacts: ObjectStore,
  runs: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<{ readonly removed: number; readonly kept: readonly KeptObject[] }> {
  let removed = 0;
  const kept: KeptObject[] = [];
  for (const run of runs) {
    // An id that cannot be a part of a key has no files.
    if (artifactPrefix(run) === undefined) continue;
    const keys: string[] = [];
    for await (const { key } of artifacts.list(`runs/${run}/`)) keys.push(key);
    for (const key of keys) {
      const versions: string[] = [];
      for await (const { version } of artifacts.versions(key)) versions.push(version);
      for (const version of versions) {
        signal.throwIfAborted();
        const outcome = await artifacts.remove(key, version);
        if (outcome === 'removed') removed += 1;
        if (outcome === 'retained') kept.push(keptObject(key, (await artifacts.head(key, version))?.retainUntil));
      }
    }
  }
  return { removed, kept };
}

/** Archived activity in which the person is: it is kept as it was, until its lock ends. */
export async function archivedTraces(
  audit: ObjectStore,
  login: string,
  signal: AbortSignal,
): Promise<readonly KeptObject[]> {
  const kept: KeptObject[] = [];
  for await (const { key, version } of audit.list('activity/v1/')) {
    const found = await audit.get(key, { version, signal });
    if (found === undefined) continue;
    const lines = await linesOf(found.body);
    if (lines.some((line) => concerns(JSON.parse(line), login))) kept.push(keptObject(key, found.object.retainUntil));
  }
  return kept;
}

function keptObject(key: string, until: number | undefined): KeptObject {
  return { key, ...(until !== undefined && { until }) };
}

async function linesOf(body: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  const text = (await promisify(gunzip)(Buffer.concat(parts))).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}
