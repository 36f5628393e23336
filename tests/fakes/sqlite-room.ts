import { join } from 'node:path';
import { createSqliteActivityLog } from '../../src/adapters/sqlite/activity-log.ts';
import { createSqliteBudgetStore } from '../../src/adapters/sqlite/budget-store.ts';
import { createSqliteClaimStore } from '../../src/adapters/sqlite/claim-store.ts';
import { type Database, openDatabase } from '../../src/adapters/sqlite/database.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { tempFolder } from './temp-folder.ts';

export interface SqliteRoom extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  /** A connection of its own to the one file. */
  connect(): Database;
  /** Closes every connection; the next `connect` opens the file anew. */
  closeAll(): Promise<void>;
}

/** A state file of its own for one test, gone at the end of the scope. */
export function sqliteRoom(clock: Clock): SqliteRoom {
  const folder = tempFolder();
  const path = join(folder.root, 'coordinator.db');
  const open: Database[] = [];
  const closeAll = async (): Promise<void> => {
    for (const database of open.splice(0)) await database.close();
  };
  return {
    folder: folder.root,
    path,
    connect: () => {
      const database = openDatabase({ path, clock });
      open.push(database);
      return database;
    },
    closeAll,
    [Symbol.asyncDispose]: async () => {
      await closeAll();
      folder[Symbol.dispose]();
    },
  };
}

/** The stores of this folder's part of the coordination, over one connection. */
export function sqliteStores(database: Database) {
  return {
    claims: createSqliteClaimStore(database),
    budgets: createSqliteBudgetStore(database),
    activity: createSqliteActivityLog(database),
  };
}
