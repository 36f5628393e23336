import type { Coordination } from '../../ports/coordination.ts';
import { createSqliteActivityLog } from './activity-log.ts';
import { createSqliteBudgetStore } from './budget-store.ts';
import { createSqliteClaimStore } from './claim-store.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { createSqliteMailbox } from './mailbox.ts';
import { createSqliteRunStore } from './run-store.ts';
import { createSqliteTaskStore } from './task-store.ts';

/** Everything that a coordinator keeps, in one file. */
export function openSqliteCoordination(options: DatabaseOptions): Coordination {
  return sqliteCoordination(openDatabase(options));
}

/** The same over a database that its caller opened, and that is closed with it. */
export function sqliteCoordination(database: Database): Coordination {
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
