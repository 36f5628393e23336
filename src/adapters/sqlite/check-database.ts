import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describeError, EntropyError } from '../../domain/error.ts';
import { refuseNewer, schemaOf } from './migrate.ts';
import { isBusy, sqliteFault } from './sqlite-fault.ts';
import { refuseForeign } from './state-file.ts';

export interface CheckedDatabase {
  readonly schema: number;
  /** The newest event that is in it. */
  readonly seq: number;
}

/** What a file must be before anybody relies on it: whole, ours, of a schema that we know. E102, E712 or E713 when it is not. */
export function checkDatabase(path: string): CheckedDatabase {
  if (!existsSync(path)) {
    throw new EntropyError({ code: 'E102', message: `there is no backup in ${path}`, fix: 'check the path' });
  }
  try {
    using db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    refuseForeign(db, path);
    refuseNewer(db, path);
    const schema = schemaOf(db);
    if (schema === 0) throw unusable(path, 'it holds no state');
    const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
    if (found !== 'ok') throw unusable(path, String(found));
    const seq = Number(db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM activity').get()?.['seq']);
    return { schema, seq };
  } catch (error) {
    if (isBusy(error)) throw sqliteFault(error, path);
    if (error instanceof EntropyError && error.code !== 'E710') throw error;
    throw unusable(path, describeError(error), error);
  }
}

function unusable(path: string, what: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E713',
    message: `${path} cannot be used as a backup: ${what}`,
    fix: 'name a file that `entropy-playground state backup` wrote',
    cause,
  });
}
