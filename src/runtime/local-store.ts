import { createSqliteActivityLog } from '../adapters/sqlite/activity-log.ts';
import { createSqliteBudgetStore } from '../adapters/sqlite/budget-store.ts';
import { createSqliteClaimStore } from '../adapters/sqlite/claim-store.ts';
import { openDatabase } from '../adapters/sqlite/database.ts';
import { createSqliteMailbox } from '../adapters/sqlite/mailbox.ts';
import { createSqliteRunStore } from '../adapters/sqlite/run-store.ts';
import { createSqliteTaskStore } from '../adapters/sqlite/task-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Coordination } from '../ports/coordination.ts';

/** Everything that a coordinator keeps, in one SQLite file (or `:memory:`), which is made when it is not there. */
export async function openLocalStore(file: string, clock: Clock): Promise<Coordination> {
  const database = openDatabase({ path: file, clock });
  return {
    claims: createSqliteClaimStore(database),
    budgets: createSqliteBudgetStore(database),
    tasks: createSqliteTaskStore(database),
    runs: createSqliteRunStore(database),
    activity: createSqliteActivityLog(database),
    mailbox: createSqliteMailbox(database),
    [Symbol.asyncDispose]: () => database.close(),
  };
}
