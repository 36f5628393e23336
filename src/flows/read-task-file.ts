import type { Lease } from '../domain/claim.ts';
import { claimPlace } from '../domain/claim-place.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { taskFileKey } from '../domain/dispatch/run-files.ts';
import { isObject } from '../domain/json-shape.ts';
import { fullName, parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** task.json of a dispatched run, as its bytes lie there. */
export interface TaskFile {
  readonly text: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly lease: Lease;
  /** As GitHub writes it; a key has it in lower case. */
  readonly repository: RepositoryRef;
}

/** Issues and instructions are clipped by the gate; nothing that it writes comes near. */
const maxBytes = 4 * 1024 * 1024;

/**
 * The task that the dispatcher put there for this run. Undefined: none, or one that names another run or lease. Nobody but
 * the dispatcher writes there, so a run that somebody else put into the books has none and gets nothing.
 */
export async function readTaskFile(
  objects: Pick<ObjectStore, 'get'>,
  run: RunRecord,
  signal: AbortSignal,
): Promise<TaskFile | undefined> {
  const key = taskFileKey(run.id);
  const found = key === undefined ? undefined : await objects.get(key, { signal });
  if (found === undefined || found.object.bytes > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const task: unknown = JSON.parse(text);
  if (!isObject(task) || task['runId'] !== run.id) return undefined;
  const lease = leaseIn(task, run);
  const repository = repositoryIn(task, run);
  if (lease === undefined || repository === undefined) return undefined;
  return { text, sha256: found.object.sha256, lease, repository };
}

function leaseIn(task: Readonly<Record<string, unknown>>, run: RunRecord): Lease | undefined {
  if (!isObject(task['lease'])) return undefined;
  const { key, leaseId, fence, expiresAt } = task['lease'];
  const isOfRun = key === run.task && leaseId === run.leaseId && fence === run.fence;
  if (!isOfRun || typeof expiresAt !== 'number') return undefined;
  return { key: run.task, leaseId: run.leaseId, fence: run.fence, expiresAt };
}

function repositoryIn(task: Readonly<Record<string, unknown>>, run: RunRecord): RepositoryRef | undefined {
  const { owner, name } = isObject(task['repository']) ? task['repository'] : {};
  const repository = parseFullName(`${owner}/${name}`);
  const place = claimPlace(run.task)?.repository;
  const isOfRun = repository && place && fullName(repository).toLowerCase() === fullName(place);
  return isOfRun ? repository : undefined;
}
