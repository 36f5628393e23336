import { gunzipSync } from 'node:zlib';
import { createDynamoActivityLog } from '../../src/adapters/dynamodb/activity-log.ts';
import type { Attributes } from '../../src/adapters/dynamodb/attribute-values.ts';
import { createDynamoBudgetStore } from '../../src/adapters/dynamodb/budget-store.ts';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import { createDynamoCursorStore } from '../../src/adapters/dynamodb/cursor-store.ts';
import type { DynamoTable } from '../../src/adapters/dynamodb/dynamo-table.ts';
import { createDynamoNumbering } from '../../src/adapters/dynamodb/number-changes.ts';
import type { ItemChange } from '../../src/adapters/dynamodb/stream-events.ts';
import { createDynamoWaitingList } from '../../src/adapters/dynamodb/waiting-list.ts';
import { createFolderObjectStore } from '../../src/adapters/filesystem/folder-object-store.ts';
import type { ActivityEvent } from '../../src/domain/coordination/activity.ts';
import { emptyReplay, replayClaims } from '../../src/domain/coordination/replay-claims.ts';
import type { ArchiverRoom } from '../../src/flows/archive-changes.ts';
import type { TaskQueue } from '../../src/ports/task-queue.ts';
import { readTableStream } from './dynamo-stream.ts';
import { dynamoTestTable, waiting } from './dynamo-test-table.ts';
import { type KillPoints, killPoints } from './kill-points.ts';
import { memoryTaskQueue } from './memory-task-queue.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { tempFolder } from './temp-folder.ts';

/** A table with its claims, the archiver's room over it, and what came of it all. */
export async function archiverScene(endpoint: string, clock: SimulatedClock) {
  const table = await dynamoTestTable(endpoint, clock);
  const folder = tempFolder({});
  const opened = table.open();
  const archive = createFolderObjectStore({ folder: folder.root, clock });
  const queue: TaskQueue = memoryTaskQueue(clock);
  const activity = createDynamoActivityLog(opened, waiting(clock));

  const archiverWrites: string[] = [];
  const archiverReads = new Set<string>();
  const noted = noteCalls(archiverWrites, archiverReads);

  return {
    ...{ table, archive, queue, activity, archiverWrites, archiverReads },
    claims: createDynamoClaimStore(opened, waiting(clock)),
    budgets: createDynamoBudgetStore(opened, waiting(clock)),
    waitingList: createDynamoWaitingList(opened),
    changes: () => readTableStream(endpoint, table.name),
    /** A function of its own; `points`: where it ends. */
    archiver: (points: KillPoints = killPoints(Number.POSITIVE_INFINITY)): ArchiverRoom<ItemChange> => {
      const own = points.watch(noted(table.open()), ['transact', 'put', 'update']);
      return {
        numbering: createDynamoNumbering(own, waiting(clock)),
        activity: createDynamoActivityLog(own, waiting(clock)),
        cursors: createDynamoCursorStore(own),
        waiting: createDynamoWaitingList(own),
        archive: points.watch(archive, ['put']),
        queue: points.watch(queue, ['send']),
      };
    },
    log: () => activity.read({ limit: 100_000 }),
    archived: async (): Promise<readonly ActivityEvent[]> => {
      const events: ActivityEvent[] = [];
      for await (const { key } of archive.list('activity/v1/')) {
        const found = await archive.get(key);
        if (found === undefined) throw new Error(`${key} is gone`);
        const bytes = Buffer.concat(await all(found.body));
        const lines = gunzipSync(bytes)
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '');
        events.push(...lines.map((line) => JSON.parse(line)));
      }
      return events;
    },
    [Symbol.asyncDispose]: async () => {
      await table[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** What is asked of the table, in the words of a role's permissions. */
function noteCalls(writes: string[], reads: Set<string>) {
  const pkOf = (key: Attributes | undefined): string => key?.['pk']?.S ?? '?';
  return (table: DynamoTable): DynamoTable => ({
    ...table,
    get: (key) => {
      reads.add('GetItem');
      return table.get(key);
    },
    getMany: (keys) => {
      reads.add('BatchGetItem');
      return table.getMany(keys);
    },
    items: (query) => {
      reads.add('Query on the table');
      return table.items(query);
    },
    count: (query) => {
      reads.add('Query on the table');
      return table.count(query);
    },
    query: (query) => {
      reads.add(`Query on ${query.index.name}`);
      return table.query(query);
    },
    scan: () => {
      reads.add('Scan');
      return table.scan();
    },
    put: (put) => {
      writes.push(`Put ${pkOf(put.Item)}`);
      return table.put(put);
    },
    update: (update) => {
      writes.push(`Update ${update.key.pk}`);
      return table.update(update);
    },
    transact: (items) => {
      for (const { Put, Update, Delete, ConditionCheck } of items) {
        if (Put !== undefined) writes.push(`Put ${pkOf(Put.Item)}`);
        if (Update !== undefined) writes.push(`Update ${pkOf(Update.Key)}`);
        if (Delete !== undefined) writes.push(`Delete ${pkOf(Delete.Key)}`);
        if (ConditionCheck !== undefined) writes.push(`ConditionCheck ${pkOf(ConditionCheck.Key)}`);
      }
      return table.transact(items);
    },
  });
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export type ArchiverScene = Awaited<ReturnType<typeof archiverScene>>;

/** What the table holds and what the log tells, side by side; the log's own order is checked on the way. */
export async function storedAndTold({ claims, budgets, log }: ArchiverScene) {
  const events = await log();
  for (const [at, { seq }] of events.entries()) {
    if (seq !== at + 1) throw new Error(`event ${at + 1} is missing or told twice: ${seq}`);
  }
  const told = emptyReplay();
  for (const { change } of events) replayClaims(told, change);
  const stored = emptyReplay();
  for await (const claim of claims.list({})) stored.claims.set(claim.key, claim);
  for await (const book of budgets.list('')) stored.budgets.set(book.key, book);
  for (const scope of told.caps.keys()) {
    const caps = await budgets.caps(scope);
    if (caps !== undefined) stored.caps.set(scope, caps);
  }
  const plain = ({ claims: c, budgets: b, caps }: typeof told) => ({
    claims: Object.fromEntries(c),
    budgets: Object.fromEntries(b),
    caps: Object.fromEntries(caps),
  });
  return { events, stored: plain(stored), told: plain(told) };
}
