import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports/clock.ts';
import { toAttributes } from './attribute-values.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './item-keys.ts';
import { logWrites, readLogEnd } from './log-event-item.ts';
import { numberedKey } from './log-keys.ts';
import { numberedVersion } from './number-changes.ts';
import type { UnnumberedEvent } from './stream-events.ts';

/** An item and the version up to which the log tells of it from now on. */
export interface ToldItem {
  readonly item: ItemKey;
  readonly version: number;
}

export interface LogEntry {
  readonly events: readonly UnnumberedEvent[];
  readonly told: readonly ToldItem[];
  /** In the same transaction. */
  readonly writes?: readonly TransactWriteItem[];
}

/**
 * Adds events that are told by hand and not by the stream, as after a restore. The records of what they are about are told
 * by the stream too; they count as numbered then. False: one of the other writes was refused, and nothing was written.
 */
export async function appendToLog(
  table: DynamoTable,
  clock: Clock,
  { events, told, writes = [] }: LogEntry,
): Promise<boolean> {
  return untilWritten(table, 'the activity log', async () => {
    const end = await readLogEnd(table);
    const added = events.length === 0 ? [] : logWrites(table.name, { end, events, now: clock.now() });
    const outcome = await table.transact([...writes, ...added, ...told.map((item) => markTold(table.name, item))]);
    if (outcome.kind === 'written') return { done: true };
    const ours = outcome.outcomes.slice(0, writes.length).some(({ held }) => !held);
    return ours ? { done: false } : 'changed';
  });
}

/** Also downwards: an item that was put back to an earlier version is told from there on. */
function markTold(tableName: string, { item, version }: ToldItem): TransactWriteItem {
  return { Put: { TableName: tableName, Item: toAttributes({ ...numberedKey(item), version }) } };
}

/** Up to which version each item was told; 0 for those that never were. In the order of the items. */
export async function toldVersions(table: DynamoTable, items: readonly ItemKey[]): Promise<readonly number[]> {
  const keys = items.map(numberedKey);
  const found = await table.getMany(keys);
  return keys.map(({ pk, sk }) => {
    const mark = found.get(`${pk}\n${sk}`);
    return mark === undefined ? 0 : numberedVersion(mark);
  });
}
