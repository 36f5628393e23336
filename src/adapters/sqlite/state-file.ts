import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EntropyError } from '../../domain/error.ts';

/** In the header of every file that is ours (`PRAGMA application_id`): "Entp". */
export const applicationId = 0x45_6e_74_70;

/** The folder, made for its owner alone when it is not there: states hold texts of issues and hashes of keys. */
export function makeStateFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** An empty file for its owner alone where there is none; SQLite takes it for a new database. */
export function makeStateFile(path: string): void {
  makeStateFolder(path);
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw notWritable(path, error);
  }
}

function notWritable(path: string, cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E710',
    message: `the state in ${path} cannot be written`,
    fix: 'make its folder writable for you, or name another file',
    cause,
  });
}

/** A moment as the name of a file may hold it: `20261121T124335Z`. */
export function fileTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** Tells one file from the next that takes its name. */
export function fileIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found && `${found.dev}:${found.ino}`;
}

/** By the first bytes, without opening it; an empty file is a database that nothing was written to. */
export function looksLikeSqlite(path: string): boolean {
  if (!existsSync(path)) return false;
  const head = Buffer.alloc(16);
  const handle = openSync(path, 'r');
  try {
    const length = readSync(handle, head);
    return length === 0 || head.toString('latin1') === 'SQLite format 3\0';
  } finally {
    closeSync(handle);
  }
}

/** Refuses a database of another program before anything is written to it. */
export function refuseForeign(db: DatabaseSync, path: string): void {
  // Both of one moment: another process may be making our tables in it just now.
  db.exec('BEGIN');
  const id = Number(db.prepare('PRAGMA application_id').get()?.['application_id']);
  const tables = Number(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']);
  db.exec('COMMIT');
  if (id === applicationId || (id === 0 && tables === 0)) return;
  throw new EntropyError({
    code: 'E710',
    message: `${path} is a database of another program`,
    fix: 'name another file for the state',
  });
}
