import { createDynamoActivityLog } from '../../src/adapters/dynamodb/activity-log.ts';
import { createDynamoNumbering } from '../../src/adapters/dynamodb/number-changes.ts';
import type { ActivityLog } from '../../src/ports/activity-log.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { readTableStream } from './dynamo-stream.ts';
import { type DynamoTestTable, waiting } from './dynamo-test-table.ts';

/** Numbers what the table's stream tells, from its beginning each time: most of it is told again, and counts once. */
export async function catchUp(endpoint: string, table: DynamoTestTable, clock: Clock): Promise<void> {
  const changes = await readTableStream(endpoint, table.name);
  const { stuck } = await createDynamoNumbering(table.open(), waiting(clock)).number(changes);
  if (stuck !== undefined) throw new Error(`change ${stuck.index} has no place: ${stuck.reason}`);
}

/** The log of a table whose archiver has always just done its work: what the contracts of stores look at. */
export function archivedLog(endpoint: string, table: DynamoTestTable, clock: Clock): ActivityLog {
  const log = createDynamoActivityLog(table.open(), waiting(clock), { pollMs: 20 });
  return {
    read: async (filter) => {
      await catchUp(endpoint, table, clock);
      return log.read(filter);
    },
    async *follow(filter, signal) {
      await catchUp(endpoint, table, clock);
      const over = new AbortController();
      const archiver = (async () => {
        while (!over.signal.aborted) {
          await catchUp(endpoint, table, clock);
          await waiting(clock).sleep(10);
        }
      })();
      try {
        yield* log.follow(filter, signal);
      } finally {
        over.abort();
        await archiver;
      }
    },
  };
}
