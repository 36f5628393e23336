import type { DatabaseSync } from 'node:sqlite';
import { EntropyError } from '../../domain/error.ts';
import { migrations } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { applicationId } from './state-file.ts';
import { statement } from './statement.ts';

export interface SchemaMove {
  readonly from: number;
  readonly to: number;
}

export function schemaOf(db: DatabaseSync): number {
  const version = statement(db, 'PRAGMA user_version').get()?.['user_version'];
  return Number(version);
}

/** The schema that this program reads and writes. */
export function newestSchema(steps: readonly Migration[] = migrations): number {
  return steps.at(-1)?.version ?? 0;
}

/**
 * Brings the schema forward, each step in a transaction of its own that moves `user_version` with it: a crash between
 * two steps is gone on with at the next start, and of two processes that start at once the second finds nothing to do.
 */
export function migrate(db: DatabaseSync, path: string, steps: readonly Migration[] = migrations): SchemaMove {
  const from = schemaOf(db);
  refuseNewer(db, path, steps);
  for (const step of steps) {
    if (step.version <= schemaOf(db)) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      // Read again: until the lock was ours another process may have taken this step.
      if (step.version > schemaOf(db)) {
        step.up(db);
        db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${step.version}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
  return { from, to: schemaOf(db) };
}

/** What a newer program wrote may mean something that this one does not know: it is neither read nor written. */
export function refuseNewer(db: DatabaseSync, path: string, steps: readonly Migration[] = migrations): void {
  const found = schemaOf(db);
  const known = newestSchema(steps);
  if (found <= known) return;
  throw new EntropyError({
    code: 'E712',
    message: `the state in ${path} has schema ${found}, this program knows up to ${known}`,
    why: 'a newer version of entropy-playground has written it',
    fix: 'use that version or a later one, or restore a backup that was made before: entropy-playground state restore FILE',
  });
}

/** For who only looks: the schema must be exactly ours, as nothing can be moved forward. */
export function refuseOther(db: DatabaseSync, path: string): void {
  refuseNewer(db, path);
  const found = schemaOf(db);
  if (found === newestSchema()) return;
  throw new EntropyError({
    code: 'E712',
    message: `the state in ${path} has schema ${found}, this program reads ${newestSchema()}`,
    fix: 'bring it forward first: entropy-playground state migrate',
  });
}
