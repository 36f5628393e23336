import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import type { WaitingList } from '../../ports/waiting-list.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { type ItemKey, keyText } from './item-keys.ts';
import { table as names } from './table.ts';
import {
  lineKey,
  linePartition,
  listedPlaces,
  placeItem,
  placeKey,
  readPlace,
  type StoredPlace,
} from './waiting-item.ts';

/**
 * Lines in front of budgets. A task's place is one item, so it stands in one line only; its line has a second item in the
 * order of the line, in the same transaction, so a line is read as it is and needs no index.
 */
export function createDynamoWaitingList(table: DynamoTable): WaitingList {
  const load = async (key: string): Promise<StoredPlace | undefined> => {
    const item = await table.get(placeKey(key));
    return item && readPlace(item);
  };

  return {
    join: async (asked) => {
      const joined = await untilWritten(table, `the place of ${asked.key}`, async () => {
        const before = await load(asked.key);
        const task = before === undefined ? asked : { ...asked, since: before.task.since };
        const outcome = await table.transact(placeWrites(table.name, before, task));
        if (outcome.kind === 'refused') return 'changed';
        return { done: { kind: before === undefined ? ('joined' as const) : ('already' as const), task } };
      });
      const { pk, sk } = lineKey(joined.task);
      return { ...joined, ahead: Math.max(0, (await table.count({ partition: pk, to: sk })) - 1) };
    },

    leave: (key) =>
      untilWritten(table, `the place of ${key}`, async () => {
        const before = await load(key);
        if (before === undefined) return { done: false };
        const outcome = await table.transact([
          { Delete: { TableName: table.name, Key: toAttributes(placeKey(key)), ...unchanged(before.version) } },
          remove(table.name, lineKey(before.task)),
        ]);
        return outcome.kind === 'written' ? { done: true } : 'changed';
      }),

    read: async (key) => (await load(key))?.task,

    line: async (budget, limit) => {
      const tasks: WaitingTask[] = [];
      for await (const page of table.items({ partition: linePartition(budget), pageSize: limit })) {
        tasks.push(...(await placesOf(table, page)));
        if (tasks.length >= limit) break;
      }
      return tasks.slice(0, limit);
    },

    all: async function* () {
      for await (const page of table.query({ index: names.byKey, partition: listedPlaces })) {
        const found = await table.getMany(page);
        for (const key of page) {
          const item = found.get(keyText(key));
          if (item !== undefined) yield readPlace(item).task;
        }
      }
    },
  };
}

function placeWrites(tableName: string, before: StoredPlace | undefined, task: WaitingTask): TransactWriteItem[] {
  const place = placeItem({ task, version: (before?.version ?? 0) + 1 });
  const moved = before !== undefined && keyText(lineKey(before.task)) !== keyText(lineKey(task));
  return [
    { Put: { TableName: tableName, Item: place, ...unchanged(before?.version) } },
    { Put: { TableName: tableName, Item: toAttributes({ ...lineKey(task), task: task.key }) } },
    ...(moved ? [remove(tableName, lineKey(before.task))] : []),
  ];
}

function remove(tableName: string, key: ItemKey): TransactWriteItem {
  return { Delete: { TableName: tableName, Key: toAttributes(key) } };
}

/** In the order of the line; who left, or stands elsewhere by now, is not among them. */
async function placesOf(table: DynamoTable, line: readonly Attributes[]): Promise<readonly WaitingTask[]> {
  const places = line.map((item) => fromAttributes(item));
  const found = await table.getMany(places.map(({ task }) => placeKey(String(task))));
  return places.flatMap(({ pk, sk, task: key }) => {
    const item = found.get(keyText(placeKey(String(key))));
    const task = item && readPlace(item).task;
    const isHere = task !== undefined && keyText(lineKey(task)) === keyText({ pk: String(pk), sk: String(sk) });
    return isHere ? [task] : [];
  });
}
