import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../ports/clock.ts';
import { openConnection } from './open-connection.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { createWriterQueue } from './writer-queue.ts';

export interface DatabaseOptions {
  /** A file on a local disk, or `:memory:`. */
  readonly path: string;
  /** Time of what is written; waiting for other processes goes by the machine's own. */
  readonly clock: Clock;
  readonly readOnly?: boolean;
  /** How long a write waits for another process; 10 s when absent. */
  readonly patienceMs?: number;
}

export interface Database {
  readonly path: string;
  readonly clock: Clock;
  /**
   * `work` is synchronous and may run a second time when the first was undone by another process. Resolves after the
   * commit is on the disk; rejects, with nothing of this work written, with what `work` threw or with E710, E711.
   */
  write<T>(work: (db: DatabaseSync) => T): Promise<T>;
  /** Sees everything that is committed. Never call it inside of `work`, which has its own `db`. */
  read<T>(work: (db: DatabaseSync) => T): T;
  /** Called after each commit of this process; returns what ends that. */
  onCommit(listener: () => void): () => void;
  /** Waits for what is queued, then lets go of the file. */
  close(): Promise<void>;
}

const busyTimeoutMs = 5_000;

/**
 * The one way to the file, for every store of this folder. One connection: writes are whole within one turn of the event
 * loop, so a read never meets half a transaction. WAL lets other processes read meanwhile, `synchronous=FULL` has every
 * commit on the disk before anybody is told.
 */
export function openDatabase({ path, clock, readOnly = false, patienceMs = 10_000 }: DatabaseOptions): Database {
  const connection = openConnection({ path, readOnly, patienceMs, busyTimeoutMs });
  const listeners = new Set<() => void>();
  const queue = createWriterQueue({
    connection,
    path,
    patienceMs,
    idleTimeoutMs: busyTimeoutMs,
    committed: () => {
      for (const listener of listeners) listener();
    },
  });

  return {
    path,
    clock,
    write: queue.write,
    read: (work) => {
      try {
        return work(connection);
      } catch (error) {
        throw sqliteFault(error, path);
      }
    },
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      await queue.close();
      if (connection.isOpen) connection.close();
    },
  };
}
