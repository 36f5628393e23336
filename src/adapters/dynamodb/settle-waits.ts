import type { ClaimKey } from '../../domain/claim.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { inChunks, inParallel } from './in-parallel.ts';
import { edgesKey, taskKey } from './item-keys.ts';
import { readTask, type StoredTask, taskItem } from './task-item.ts';
import { neighboursIn, openOnes, readItems, taskIn } from './task-views.ts';

/**
 * Who waits for what changes with tasks that may have thousands of waiters, more than one transaction holds. So whatever
 * changes it leaves a mark on its task in the same write, and here is done what the mark asks for, as often as it takes: by
 * the writer right afterwards, or by the next search for ready tasks when the writer died in between.
 *
 * Whoever counts reads the task first, then what it waits for, and writes on condition of what it read first, always, even
 * when nothing differs: so of two who count at once the one with the older picture is refused.
 */
export async function settleWaits(table: DynamoTable, key: ClaimKey): Promise<void> {
  await untilWritten(table, `what waits for ${key}`, async () => {
    const item = await table.get(taskKey(key));
    const stored = item && readTask(item);
    if (stored?.recheck === undefined) return { done: undefined };
    const node = neighboursIn(await readItems(table, [edgesKey(key)]), key);
    if (stored.recheck === 'waiters') {
      for (const chunk of inChunks(node.waiters, chunkSize)) await countAnew(table, chunk);
    }
    const { recheck: _done, ...rest } = stored;
    const open = await openOnes(table, node.blockers);
    // Changed meanwhile: its mark may be a new one.
    return (await write(table, rest, open.size > 0)) ? { done: undefined } : 'changed';
  });
}

const chunkSize = 24;

/** Those that are not there wait for nothing yet; they count by themselves when they come. */
async function countAnew(table: DynamoTable, keys: readonly ClaimKey[]): Promise<void> {
  let left = keys;
  await untilWritten(table, `what ${keys[0]} waits for`, async () => {
    left = await countOnce(table, left);
    return left.length === 0 ? { done: undefined } : 'changed';
  });
}

/** Tells which of them somebody else wrote meanwhile. */
async function countOnce(table: DynamoTable, keys: readonly ClaimKey[]): Promise<readonly ClaimKey[]> {
  const tasks = await readItems(table, keys.map(taskKey));
  const nodes = await readItems(table, keys.map(edgesKey));
  const blockersOf = (key: ClaimKey) => neighboursIn(nodes, key).blockers;
  const open = await openOnes(table, keys.flatMap(blockersOf));
  const refused = await inParallel(keys, async (key) => {
    const stored = taskIn(tasks, key);
    if (stored === undefined) return [];
    const { recheck, ...rest } = stored;
    // Counting is all that `self` asked for; what its own waiters have to be told is not done by it.
    const kept: StoredTask = recheck === 'waiters' ? stored : rest;
    const blocked = blockersOf(key).some((blocker) => open.has(blocker));
    return (await write(table, kept, blocked)) ? [] : [key];
  });
  return refused.flat();
}

async function write(table: DynamoTable, stored: StoredTask, blocked: boolean): Promise<boolean> {
  const Item = taskItem({ ...stored, blocked, version: stored.version + 1 });
  const outcome = await table.put({ Item, ...unchanged(stored.version) });
  return outcome.kind === 'written';
}
