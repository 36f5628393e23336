import type { ActivityLog } from '../../ports/activity-log.ts';
import { newestSeq, readActivity } from './activity-rows.ts';
import type { Database } from './database.ts';

const pageSize = 500;
/** How soon what another process wrote is seen; what this one writes is seen at once. */
const pollMs = 250;

/** The stream as it is read and followed; the other stores write it. */
export function createSqliteActivityLog(database: Database): ActivityLog {
  return {
    read: async (filter) => database.read((db) => readActivity(db, filter)),

    async *follow(filter, signal) {
      // A position beyond the end was given out before a backup was restored: what follows it now is what comes next.
      let after = Math.min(filter.after ?? 0, database.read(newestSeq));
      while (!signal.aborted) {
        const commit = nextCommit(database, signal);
        try {
          const { newest, events } = database.read((db) => ({
            newest: newestSeq(db),
            events: readActivity(db, { ...filter, after, limit: pageSize }),
          }));
          for (const event of events) {
            if (signal.aborted) return;
            yield event;
          }
          const wholePage = events.length === pageSize;
          const last = events.at(-1)?.seq ?? 0;
          // Not beyond what was looked through: another process may commit between the two statements.
          after = wholePage ? last : Math.max(newest, last);
          if (!wholePage) await commit.promise;
        } finally {
          commit.forget();
        }
      }
    },
  };
}

/** Resolves with the next commit of this process, when it is time to look for those of others, or with the signal. */
function nextCommit(
  database: Database,
  signal: AbortSignal,
): { readonly promise: Promise<void>; readonly forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const forgetListener = database.onCommit(wake);
  const timer = setTimeout(wake, pollMs);
  signal.addEventListener('abort', wake, { once: true });
  return {
    promise,
    forget: () => {
      forgetListener();
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
    },
  };
}
