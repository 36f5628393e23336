import type { DatabaseSync } from 'node:sqlite';
import type { ClaimKey } from '../../domain/claim.ts';
import type { QueryContext } from '../../domain/query/context.ts';
import type { Query } from '../../domain/query/syntax.ts';
import type { PageAsked } from '../../ports/task-store.ts';
import { defineQueryFunctions, withinTime } from './query-functions.ts';
import { querySql } from './query-sql.ts';

export interface TaskSearch extends PageAsked {
  readonly query: Query;
  readonly context: QueryContext;
}

/**
 * The tasks that a query asks for, in its order, and how many there are in all. Throws E106 for what tasks cannot answer.
 * The statements are not kept: there are as many as there are queries.
 */
export function searchTaskKeys(db: DatabaseSync, search: TaskSearch): FoundKeys {
  defineQueryFunctions(db);
  return withinTime(db, patienceMs, () => findKeys(db, search));
}

/** Some hundred times what a query of people and agents takes. */
const patienceMs = 2_500;

interface FoundKeys {
  readonly keys: readonly ClaimKey[];
  readonly total: number;
}

function findKeys(db: DatabaseSync, { query, context, offset, limit, counting = 'all' }: TaskSearch): FoundKeys {
  const { from, where, order, parameters } = querySql(query, context);
  const keys = db
    .prepare(`SELECT tasks.key FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
    .all(...parameters, limit, offset)
    .map((row) => String(row['key']));
  const all = keys.length < limit && (keys.length > 0 || offset === 0);
  if (all || counting === 'page') return { keys, total: offset + keys.length };
  const counted = db.prepare(`SELECT count(*) AS total FROM ${from} WHERE ${where}`).get(...parameters);
  return { keys, total: Number(counted?.['total']) };
}
