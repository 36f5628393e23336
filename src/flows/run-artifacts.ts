import {
  type Artifact,
  artifactPrefix,
  artifactRules,
  artifactType,
  type ListedArtifact,
  type StoredArtifact,
} from '../domain/artifact.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { parseTraceparent } from '../domain/dispatch/traceparent.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { ObjectStore, StoredObject, TransferUrl } from '../ports/object-store.ts';
import type { ArtifactRefusal, RunArtifacts } from '../ports/run-artifacts.ts';
import type { RunStore } from '../ports/run-store.ts';

/** Long enough for a slow line, too short to be of use to whoever finds it in a log. */
const uploadMs = 15 * 60_000;
const downloadMs = 5 * 60_000;

export type Admission =
  | { readonly kind: 'admitted'; readonly key: string }
  | { readonly kind: 'exists' }
  | ArtifactRefusal;

/**
 * Whether this file of a run may come in, and where it goes. Files under way are not counted: a run may pass its limit by
 * those that it sends at once, and each of them is limited itself.
 */
async function admit(objects: ObjectStore, runId: string, artifact: Artifact): Promise<Admission> {
  const prefix = artifactPrefix(runId);
  if (prefix === undefined) return { kind: 'missing' };
  const key = `${prefix}${artifact.name}`;
  const there = await objects.head(key);
  if (there !== undefined) return { kind: there.sha256 === artifact.sha256 ? 'exists' : 'occupied' };
  const kept = await listArtifacts(objects, runId);
  if (kept.length >= artifactRules.count) return { kind: 'full', limit: 'count' };
  const bytes = kept.reduce((sum, one) => sum + one.bytes, artifact.bytes);
  return bytes > artifactRules.runBytes ? { kind: 'full', limit: 'bytes' } : { kind: 'admitted', key };
}

/** Longer than a run and whatever comes late of it. */
const slotMs = 40 * 24 * 60 * 60_000;

/**
 * A run asks for addresses of so many names in all, whether their files came or not: each address is good for minutes, and files
 * under way are counted by nobody. A name has its slot by one conditional write, and the same one when it is asked for again.
 */
export async function takeFileSlot(
  store: Pick<IdempotencyStore, 'begin'>,
  { runId, name, now }: { readonly runId: string; readonly name: string; readonly now: number },
): Promise<'taken' | 'none'> {
  const kept = { now, lockedUntil: now + slotMs, keepUntil: now + slotMs };
  for (let slot = 0; slot < artifactRules.count; slot += 1) {
    const begun = await store.begin({ caller: 'file-of-run', key: `${runId}/${slot}`, fingerprint: name, ...kept });
    if (begun.kind !== 'other-request') return 'taken';
  }
  return 'none';
}

/** An address where this very file may be put, once. The trace that the run belongs to goes with it. */
export async function offerUpload(
  objects: ObjectStore,
  run: Pick<RunRecord, 'id' | 'dispatched'>,
  artifact: Artifact,
): Promise<{ readonly kind: 'upload'; readonly transfer: TransferUrl } | Exclude<Admission, { kind: 'admitted' }>> {
  const admitted = await admit(objects, run.id, artifact);
  if (admitted.kind !== 'admitted') return admitted;
  const trace = parseTraceparent(run.dispatched?.traceparent ?? '')?.traceId;
  const object = { ...artifact, ...(trace !== undefined && { metadata: { trace } }) };
  return { kind: 'upload', transfer: await objects.uploadUrl(admitted.key, object, uploadMs) };
}

export async function listArtifacts(objects: ObjectStore, runId: string): Promise<readonly ListedArtifact[]> {
  const prefix = artifactPrefix(runId);
  const found: ListedArtifact[] = [];
  if (prefix === undefined) return found;
  for await (const { key, bytes, storedAt } of objects.list(prefix)) {
    found.push({ name: key.slice(prefix.length), bytes, storedAt });
  }
  return found;
}

/** An address where the file may be read for a while; undefined: the run left none of this name. */
export async function offerDownload(
  objects: ObjectStore,
  runId: string,
  name: string,
): Promise<{ readonly artifact: StoredArtifact; readonly transfer: TransferUrl } | undefined> {
  const object = await find(objects, runId, name);
  if (object === undefined) return undefined;
  const { key, version } = object;
  return {
    artifact: artifactOf(object, name),
    transfer: await objects.downloadUrl(key, { version, expiresInMs: downloadMs }),
  };
}

/** Where the store is at hand: no address in between. */
export function artifactsInStore(objects: ObjectStore, runs: Pick<RunStore, 'read'>): RunArtifacts {
  return {
    upload: async (runId, artifact, body, options) => {
      if ((await runs.read(runId)) === undefined) return { kind: 'missing' };
      const admitted = await admit(objects, runId, artifact);
      if (admitted.kind !== 'admitted') return admitted;
      const put = await objects.put(admitted.key, body, {
        contentType: artifact.contentType,
        ifAbsent: true,
        ...options,
      });
      return put.kind === 'stored' ? { kind: 'stored' } : { kind: 'occupied' };
    },
    list: async (runId) => ((await runs.read(runId)) === undefined ? undefined : listArtifacts(objects, runId)),
    download: async (runId, name, signal) => {
      if ((await runs.read(runId)) === undefined) return undefined;
      const object = await find(objects, runId, name);
      if (object === undefined) return undefined;
      const found = await objects.get(object.key, { version: object.version, ...(signal && { signal }) });
      return found && { artifact: artifactOf(object, name), body: found.body };
    },
  };
}

async function find(objects: ObjectStore, runId: string, name: string): Promise<StoredObject | undefined> {
  const prefix = artifactPrefix(runId);
  return prefix === undefined ? undefined : objects.head(`${prefix}${name}`);
}

function artifactOf({ bytes, sha256, storedAt }: StoredObject, name: string): StoredArtifact {
  return { name, bytes, sha256, contentType: artifactType(name), storedAt };
}
