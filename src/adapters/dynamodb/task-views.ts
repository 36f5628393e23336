import type { ClaimKey, ClaimRecord } from '../../domain/claim.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import { isClosed, isStartable } from '../../domain/coordination/wait-edge.ts';
import type { WaitNeighbours } from '../../domain/coordination/wait-path.ts';
import type { Attributes } from './attribute-values.ts';
import { readClaim } from './claim-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { neighboursOf, readEdges } from './edges-item.ts';
import { inChunks, inParallel } from './in-parallel.ts';
import { claimKey, edgesKey, type ItemKey, keyText, taskKey } from './item-keys.ts';
import { readTask, type StoredTask } from './task-item.ts';

export type FoundItems = ReadonlyMap<string, Attributes>;
const batch = 100;

/** Many items, several batches at once; by `keyText`. */
export async function readItems(table: DynamoTable, keys: readonly ItemKey[]): Promise<FoundItems> {
  const found = await inParallel(inChunks(keys, batch), (chunk) => table.getMany(chunk));
  return found.length === 1 && found[0] !== undefined ? found[0] : new Map(found.flatMap((items) => [...items]));
}

export function taskIn(found: FoundItems, key: ClaimKey): StoredTask | undefined {
  const item = found.get(keyText(taskKey(key)));
  return item && readTask(item);
}

export function neighboursIn(found: FoundItems, key: ClaimKey): WaitNeighbours {
  return neighboursOf(readEdges(key, found.get(keyText(edgesKey(key)))));
}

/** Those of the tasks that are open; who was never mirrored is, as far as anybody knows. Reads what was not found yet. */
export async function openOnes(
  table: DynamoTable,
  tasks: Iterable<ClaimKey>,
  found: FoundItems = new Map(),
): Promise<ReadonlySet<ClaimKey>> {
  const wanted = [...new Set(tasks)];
  const unread = wanted.map(taskKey).filter((key) => !found.has(keyText(key)));
  const more = await readItems(table, unread);
  return new Set(wanted.filter((key) => !isClosed((taskIn(found, key) ?? taskIn(more, key))?.task)));
}

/** As they are now, each with its claim and its place among the others; by key. Those that are not there are missing. */
export async function readTaskViews(
  table: DynamoTable,
  keys: readonly ClaimKey[],
): Promise<ReadonlyMap<ClaimKey, TaskView>> {
  const found = await readItems(
    table,
    keys.flatMap((key) => [taskKey(key), claimKey(key), edgesKey(key)]),
  );
  const nodes = new Map(keys.map((key) => [key, neighboursIn(found, key)]));
  const blockers = [...nodes.values()].flatMap((node) => node.blockers);
  const open = await openOnes(table, blockers, found);
  const views = keys.flatMap((key): [ClaimKey, TaskView][] => {
    const stored = taskIn(found, key);
    const claim = found.get(keyText(claimKey(key)));
    if (stored === undefined) return [];
    return [[key, viewOf(stored, { claim: claim && readClaim(claim).record, node: nodes.get(key), open })]];
  });
  return new Map(views);
}

export interface AroundTask {
  readonly claim: ClaimRecord | undefined;
  readonly node: WaitNeighbours | undefined;
  /** Of the tasks that others wait for. */
  readonly open: ReadonlySet<ClaimKey>;
}

export function viewOf({ task }: StoredTask, { claim, node, open }: AroundTask): TaskView {
  const held = claim?.state === 'held';
  const { blockers, waiters } = node ?? { blockers: [], waiters: [] };
  const openBlockers = blockers.filter((key) => open.has(key)).length;
  return {
    ...task,
    ...(held && { claim }),
    blockedBy: blockers,
    blocks: waiters,
    openBlockers,
    ready: !held && isStartable(task, openBlockers),
  };
}
