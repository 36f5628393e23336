import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { floorAbove } from '../../domain/coordination/restored-claims.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import { copyDatabase, syncFolder } from './backup.ts';
import { type CheckedDatabase, checkDatabase } from './check-database.ts';
import { openDatabase } from './database.ts';
import { newestSchema } from './migrate.ts';
import { highestFence, raiseFences } from './raise-fences.ts';
import { isBusy } from './sqlite-fault.ts';
import { fileTime, looksLikeSqlite, makeStateFolder } from './state-file.ts';

export interface RestoreOptions {
  readonly backup: string;
  readonly state: string;
  readonly clock: Clock;
}

export interface RestoreReport {
  readonly state: string;
  readonly backup: CheckedDatabase;
  readonly schema: number;
  /** Every fence that is granted from now on is above this one. */
  readonly fenceFloor: number;
  /** Claims that were held when the backup was made; their leases of then count no more. */
  readonly held: number;
  /** Where the state of before lies now; absent when there was none. */
  readonly kept?: string;
}

/** What SQLite keeps beside a file. */
const sidecars = ['-wal', '-shm', '-journal'];

/**
 * Puts a backup in the place of the state. Everything that can fail is done on a copy first; then the copy takes the
 * name of the state in one step, while the lock of the old file keeps every other process out.
 */
export async function restoreState({ backup, state, clock }: RestoreOptions): Promise<RestoreReport> {
  const checked = checkDatabase(backup);
  makeStateFolder(state);
  const part = `${state}.restoring-${process.pid}`;
  try {
    await copyDatabase(backup, part);
    using old = lockOld(state);
    const { held, fenceFloor } = await bringForward(part, clock, old);
    const kept = existsSync(state) ? setAside(state, clock) : undefined;
    renameSync(part, state);
    syncFolder(dirname(state));
    return { state, backup: checked, schema: newestSchema(), fenceFloor, held, ...(kept !== undefined && { kept }) };
  } finally {
    for (const suffix of ['', ...sidecars]) rmSync(`${part}${suffix}`, { force: true });
  }
}

/** Newest schema, fences above everything that either state may have granted, one file without a log. */
async function bringForward(part: string, clock: Clock, old: LockedState) {
  const database = openDatabase({ path: part, clock });
  try {
    return await database.write((db) => {
      const fenceFloor = floorAbove(Math.max(old.highestFence, highestFence(db)), {
        known: old.known,
        now: clock.now(),
      });
      return { fenceFloor, held: raiseFences(db, clock, fenceFloor) };
    });
  } finally {
    await database.close();
  }
}

interface LockedState extends Disposable {
  /** False: there is none, or it cannot be read, so nobody knows what it granted. */
  readonly known: boolean;
  readonly highestFence: number;
}

/**
 * Keeps every other process out of the old file while the new one takes its name. A file that is damaged cannot be
 * locked, and is the best reason to restore: it is set aside as it is.
 */
function lockOld(state: string): LockedState {
  const nothing: LockedState = { known: false, highestFence: 0, [Symbol.dispose]: () => {} };
  // SQLite would throw away the log beside a file that it cannot read; whoever mends the state may want it.
  if (!looksLikeSqlite(state)) return nothing;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(state, { timeout: 2_000 });
    // Leaving WAL needs the file for oneself, takes what is in the log into it, and removes the log.
    db.exec('PRAGMA journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    // Under WAL this lock would keep out writers only: somebody came in between.
    if (db.prepare('PRAGMA journal_mode').get()?.['journal_mode'] !== 'delete') throw inUse(state);
    const connection = db;
    const known = knowsFences(connection);
    const highest = known ? highestFence(connection) : 0;
    return { known, highestFence: highest, [Symbol.dispose]: () => connection.close() };
  } catch (error) {
    db?.close();
    if (isBusy(error)) throw inUse(state, error);
    if (error instanceof EntropyError) throw error;
    return nothing;
  }
}

function knowsFences(db: DatabaseSync): boolean {
  const found = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('claims', 'facts')").get();
  return found?.['n'] === 2;
}

/** The old file gets a second name before it loses the first, so that the state has a file at every moment. */
function setAside(state: string, clock: Clock): string {
  const kept = freeName(`${state}.before-restore-${fileTime(clock.now())}`);
  linkSync(state, kept);
  // Only a damaged file still has these; left in place they would be taken for the new one's.
  for (const suffix of sidecars) {
    if (existsSync(`${state}${suffix}`)) renameSync(`${state}${suffix}`, `${kept}${suffix}`);
  }
  return kept;
}

function freeName(wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!existsSync(name)) return name;
  }
}

function inUse(state: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E713',
    message: `the state in ${state} is in use by another process`,
    fix: 'stop the coordinator and every command that uses this state, then restore again; lsof FILE names them',
    cause,
  });
}
