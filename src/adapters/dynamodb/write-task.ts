import type { ClaimKey, ClaimRecord, Lease } from '../../domain/claim.ts';
import { applyTaskChange, type TaskActivity } from '../../domain/coordination/task-changes.ts';
import type { TaskRecord } from '../../domain/coordination/task-record.ts';
import { isClosed } from '../../domain/coordination/wait-edge.ts';
import type { Clock } from '../../ports/clock.ts';
import { readClaim } from './claim-item.ts';
import { leaseHolds } from './claim-updates.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { claimKey, edgesKey, keyText, taskKey } from './item-keys.ts';
import { settleWaits } from './settle-waits.ts';
import { type StoredTask, taskItem } from './task-item.ts';
import { neighboursIn, taskIn } from './task-views.ts';

export interface TaskWrite<Decision> {
  readonly key: ClaimKey;
  readonly actor: string;
  readonly lease?: Lease;
  /** From the task as it is, and the claim as it is when a lease is shown. */
  readonly decide: (task: TaskRecord | undefined, claim: ClaimRecord | undefined) => Decision;
  /** What a decision changes; nothing: it is refused, or nothing is new. */
  readonly changesOf: (decision: Decision) => readonly TaskActivity[];
}

/** One conditional write; with a lease a transaction, in which the claim is still held under it. */
export async function writeTask<Decision>(
  table: DynamoTable,
  clock: Clock,
  { key, actor, lease, decide, changesOf }: TaskWrite<Decision>,
): Promise<Decision> {
  const { decision, marked } = await untilWritten(table, `the task ${key}`, async () => {
    const found = await table.getMany([taskKey(key), edgesKey(key), ...(lease ? [claimKey(key)] : [])]);
    const before = taskIn(found, key);
    const claim = found.get(keyText(claimKey(key)));
    const decision = decide(before?.task, claim && readClaim(claim).record);
    const changes = changesOf(decision);
    const task = changes.reduce<TaskRecord | undefined>(applyTaskChange, before?.task);
    if (task === undefined || task === before?.task) return { done: { decision, marked: false } };

    const after = nextOf(before, task, neighboursIn(found, key).blockers.length > 0);
    const put = {
      Item: taskItem(after, { changes, actor, at: clock.now() }),
      ...unchanged(before?.version),
    };
    const outcome =
      lease === undefined
        ? await table.put(put)
        : await table.transact([{ Put: { TableName: table.name, ...put } }, leaseHolds(table.name, lease)]);
    return outcome.kind === 'written' ? { done: { decision, marked: after.recheck !== undefined } } : 'changed';
  });
  if (marked) await settleWaits(table, key);
  return decision;
}

function nextOf(before: StoredTask | undefined, task: TaskRecord, waits: boolean): StoredTask {
  const flips = isClosed(task) !== isClosed(before?.task);
  // Others may wait for one that is new already; it was told as something to wait for before it was seen itself.
  const recheck = flips ? 'waiters' : (before?.recheck ?? (before === undefined && waits ? 'self' : undefined));
  return {
    task,
    version: (before?.version ?? 0) + 1,
    blocked: before?.blocked ?? false,
    ...(recheck && { recheck }),
  };
}
