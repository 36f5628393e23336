import type { DatabaseSync, StatementSync } from 'node:sqlite';

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement for this text, compiled once a connection: compiling costs more than most of them take to run. */
export function statement(db: DatabaseSync, sql: string): StatementSync {
  let known = prepared.get(db);
  if (known === undefined) {
    known = new Map();
    prepared.set(db, known);
  }
  const found = known.get(sql);
  if (found !== undefined) return found;
  const fresh = db.prepare(sql);
  known.set(sql, fresh);
  return fresh;
}
