import { DatabaseSync } from 'node:sqlite';
import { migrate, refuseOther } from './migrate.ts';
import { busyFault, isBusy, sqliteFault } from './sqlite-fault.ts';
import { fileIdentity, makeStateFile, refuseForeign } from './state-file.ts';

export const inMemory = ':memory:';

export interface OpenOptions {
  readonly path: string;
  readonly readOnly: boolean;
  readonly patienceMs: number;
  /** How long a statement waits for a lock before it fails as busy. */
  readonly busyTimeoutMs: number;
}

/**
 * A connection with the newest schema, in WAL mode. Of many processes that start at once on a new file some are told
 * that it is busy although they would wait (SQLite cannot wait while the mode is changed): they try again.
 */
export function openConnection({ path, readOnly, patienceMs, busyTimeoutMs }: OpenOptions): DatabaseSync {
  const since = performance.now();
  for (;;) {
    if (!readOnly && path !== inMemory) makeStateFile(path);
    const before = fileIdentity(path);
    const opened = tryToOpen({ path, readOnly, busyTimeoutMs });
    const waited = Math.round(performance.now() - since);
    if (opened.kind === 'busy') {
      if (waited >= patienceMs) throw busyFault(path, waited, opened.error);
      pause(10 + Math.random() * 40);
      continue;
    }
    if (fileIdentity(path) === before) return opened.connection;
    // While we waited for the lock a backup took the file's place: what we opened has another name now.
    opened.connection.close();
  }
}

type Opened =
  | { readonly kind: 'open'; readonly connection: DatabaseSync }
  | { readonly kind: 'busy'; readonly error: unknown };

function tryToOpen({ path, readOnly, busyTimeoutMs }: Omit<OpenOptions, 'patienceMs'>): Opened {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    refuseForeign(connection, path);
    if (readOnly) {
      refuseOther(connection, path);
      return { kind: 'open', connection };
    }
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = FULL');
    // 16 MB instead of 4: one commit in a few hundred pays for moving pages home, not one in a few dozen.
    connection.exec('PRAGMA wal_autocheckpoint = 4000');
    migrate(connection, path);
    return { kind: 'open', connection };
  } catch (error) {
    connection?.close();
    if (isBusy(error)) return { kind: 'busy', error };
    throw sqliteFault(error, path);
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
