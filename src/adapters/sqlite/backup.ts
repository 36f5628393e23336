import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { EntropyError } from '../../domain/error.ts';
import { type CheckedDatabase, checkDatabase } from './check-database.ts';
import { sqliteFault } from './sqlite-fault.ts';

export interface BackupReport extends CheckedDatabase {
  readonly state: string;
  readonly file: string;
  readonly bytes: number;
}

/**
 * A copy of the state at one moment, whole and proven, or no file at all. Safe while others write: they are not held up.
 * A file that is there already is never overwritten.
 */
export async function backUpState(state: string, file: string): Promise<BackupReport> {
  if (!existsSync(state)) throw noState(state);
  if (existsSync(file)) throw taken(file);
  const part = `${file}.part-${process.pid}`;
  try {
    await copyDatabase(state, part);
    const checked = checkDatabase(part);
    giveName(part, file);
    return { state, file, bytes: statSync(file).size, ...checked };
  } finally {
    rmSync(part, { force: true });
  }
}

/** All pages in one step: a snapshot, which no writer can make begin anew. */
const allPages = 2 ** 31 - 1;

/** One file without a log beside it, readable by its owner alone. */
export async function copyDatabase(source: string, target: string): Promise<void> {
  try {
    closeSync(openSync(target, 'w', 0o600));
    using from = new DatabaseSync(source, { readOnly: true, timeout: 5_000 });
    await backup(from, target, { rate: allPages });
    using copy = new DatabaseSync(target);
    copy.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    throw sqliteFault(error, source);
  }
}

/** The name appears with the whole file behind it; somebody else's file of that name stays. */
function giveName(part: string, file: string): void {
  try {
    linkSync(part, file);
  } catch (error) {
    if (existsSync(file)) throw taken(file);
    throw new EntropyError({
      code: 'E104',
      message: `the backup cannot be written to ${file}`,
      fix: 'name a file in a folder that you can write',
      cause: error,
    });
  }
  syncFolder(dirname(file));
}

/** New names are on the disk only when their folder is. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Nothing to copy or to move forward. */
export function noState(state: string): EntropyError {
  return new EntropyError({
    code: 'E102',
    message: `there is no state in ${state}`,
    fix: 'name the file of the state with --state',
  });
}

function taken(file: string): EntropyError {
  return new EntropyError({
    code: 'E104',
    message: `${file} is there already`,
    fix: 'name a file that is not there yet',
  });
}
