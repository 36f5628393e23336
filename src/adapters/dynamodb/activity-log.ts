import type { ActivityLog } from '../../ports/activity-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { readLogEnd } from './log-event-item.ts';
import { readLog } from './read-log.ts';

const pageSize = 500;
/** A stream of DynamoDB tells within a second; who follows asks as often. */
const usualPollMs = 1_000;

/** The log as it is read and followed; the archiver writes it (`number-changes.ts`). */
export function createDynamoActivityLog(
  table: DynamoTable,
  clock: Clock,
  { pollMs = usualPollMs }: { readonly pollMs?: number } = {},
): ActivityLog {
  return {
    read: async ({ after = 0, limit, ...wanted }) => {
      const { seq } = await readLogEnd(table);
      return readLog(table, wanted, { after, to: seq, limit });
    },

    async *follow({ after: from = 0, ...wanted }, signal) {
      // A position beyond the end was given out before the table was restored: what follows it now is what comes next.
      let after = Math.min(from, (await readLogEnd(table)).seq);
      while (!signal.aborted) {
        const { seq: to } = await readLogEnd(table);
        const events = await readLog(table, wanted, { after, to, limit: pageSize });
        for (const event of events) {
          if (signal.aborted) return;
          yield event;
        }
        const wholePage = events.length === pageSize;
        after = wholePage ? (events.at(-1)?.seq ?? to) : Math.max(after, to);
        if (!wholePage) await pause(clock, pollMs, signal);
      }
    },
  };
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
