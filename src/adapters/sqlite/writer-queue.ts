import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { EntropyError } from '../../domain/error.ts';
import { refuseNewer } from './migrate.ts';
import { busyFault, isBusy, sqliteFault } from './sqlite-fault.ts';

export interface WriterQueueOptions {
  readonly connection: DatabaseSync;
  readonly path: string;
  readonly patienceMs: number;
  /** The connection's busy timeout outside of this queue. */
  readonly idleTimeoutMs: number;
  readonly committed: () => void;
}

export interface WriterQueue {
  write<T>(work: (db: DatabaseSync) => T): Promise<T>;
  close(): Promise<void>;
}

/** One piece of work; `settle` is what its caller is told, once that is certain. */
interface Piece {
  run(db: DatabaseSync): void;
  /** After the commit: the result, or what the piece itself threw. */
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Group commit: all work that arrives in the same turn of the event loop shares one transaction and one sync of the disk.
 * Each piece has its own savepoint, so one that throws is undone alone. Another process that holds the lock is waited
 * for without blocking this one.
 */
export function createWriterQueue(options: WriterQueueOptions): WriterQueue {
  const { connection, path } = options;
  let waiting: Piece[] = [];
  let working: Promise<void> | undefined;
  let closed = false;

  const drain = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      try {
        await begin(options);
      } catch (error) {
        const pieces = waiting;
        waiting = [];
        for (const piece of pieces) piece.fail(error);
        continue;
      }
      // Whoever came while the lock was waited for is taken along. From here to the commit nothing yields.
      const pieces = waiting;
      waiting = [];
      commit(pieces);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };

  const commit = (pieces: readonly Piece[]): void => {
    try {
      for (const piece of pieces) piece.run(connection);
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      for (const piece of pieces) piece.fail(error);
      return;
    }
    for (const piece of pieces) piece.settle();
    options.committed();
  };

  const start = (): void => {
    working ??= drain().finally(() => {
      working = undefined;
      if (waiting.length > 0) start();
    });
  };

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(closedFault(path));
          return;
        }
        waiting.push(pieceOf(work, { resolve, reject: (error) => reject(sqliteFault(error, path)) }));
        start();
      }),
    close: async () => {
      closed = true;
      await working;
    },
  };
}

function pieceOf<T>(
  work: (db: DatabaseSync) => T,
  { resolve, reject }: { readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void },
): Piece {
  let outcome: () => void = () => {};
  return {
    run: (db) => {
      db.exec('SAVEPOINT piece');
      try {
        const value = work(db);
        if (value instanceof Promise) throw asynchronousFault();
        db.exec('RELEASE piece');
        outcome = () => resolve(value);
      } catch (error) {
        // A full disk and the like undo the whole transaction: then no piece of it has happened.
        if (!db.isTransaction) throw error;
        db.exec('ROLLBACK TO piece');
        db.exec('RELEASE piece');
        outcome = () => reject(error);
      }
    },
    settle: () => outcome(),
    fail: reject,
  };
}

/** Takes the write lock. Tries anew at random moments, so that many processes do not wait in step. */
async function begin({ connection, path, patienceMs, idleTimeoutMs }: WriterQueueOptions): Promise<void> {
  const since = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    connection.exec('PRAGMA busy_timeout = 0');
    try {
      connection.exec('BEGIN IMMEDIATE');
      break;
    } catch (error) {
      const waited = Math.round(performance.now() - since);
      if (!isBusy(error)) throw error;
      if (waited >= patienceMs) throw busyFault(path, waited, error);
    } finally {
      connection.exec(`PRAGMA busy_timeout = ${idleTimeoutMs}`);
    }
    await wait(Math.random() * Math.min(2 ** attempt, 25));
  }
  try {
    // A newer program may have moved the schema since this one opened the file.
    refuseNewer(connection, path);
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
}

function asynchronousFault(): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: 'work inside of a transaction returned a promise',
    fix: 'report it; what is asynchronous belongs before or after the transaction',
  });
}

function closedFault(path: string): EntropyError {
  return new EntropyError({
    code: 'E710',
    message: `the state in ${path} is closed`,
    fix: 'nothing was written; start the program again',
  });
}
