import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../src/adapters/sqlite/migrate.ts';
import { defineQueryFunctions } from '../../src/adapters/sqlite/query-functions.ts';
import { querySql } from '../../src/adapters/sqlite/query-sql.ts';
import { searchTaskKeys } from '../../src/adapters/sqlite/search-tasks.ts';
import type { TaskView } from '../../src/domain/coordination/task-record.ts';
import { defaultStaleAfterMs, type QueryContext } from '../../src/domain/query/context.ts';
import { taskPredicate } from '../../src/domain/query/predicate.ts';
import { printQuery } from '../../src/domain/query/printer.ts';
import { compareTasks, orderOf } from '../../src/domain/query/sort.ts';
import type { Query } from '../../src/domain/query/syntax.ts';
import { generatedNow } from '../fakes/generated-tasks.ts';
import { insertTasks } from '../fakes/task-rows.ts';

export const generatedContext: QueryContext = {
  now: generatedNow,
  me: 'Mona',
  staleAfterMs: defaultStaleAfterMs,
};

export interface Agreement {
  readonly found: number;
  /** Undefined when both found the same tasks, in the same order if that was looked at. */
  readonly difference?: string;
}

export interface AgreementCheck extends Disposable {
  /** `order`: as a store answers, from the first to the last; else only which ones, which is faster. */
  readonly compare: (query: Query, look: 'order' | 'set') => Agreement;
}

/** The same tasks in memory and in a real SQLite database; a query is answered by both. */
export function openAgreement(tasks: readonly TaskView[]): AgreementCheck {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  insertTasks(db, tasks);
  defineQueryFunctions(db);
  db.exec('ANALYZE');
  const compare = (query: Query, look: 'order' | 'set'): Agreement => {
    const found = tasks.filter(taskPredicate(query, generatedContext));
    if (look === 'order') found.sort(compareTasks(orderOf(query)));
    const inMemory = found.map(({ key }) => key);
    const bySql = look === 'order' ? inOrder(query) : asStored(query);
    const same = inMemory.length === bySql.length && inMemory.every((key, index) => key === bySql[index]);
    if (same) return { found: found.length };
    const at = inMemory.findIndex((key, index) => key !== bySql[index]);
    const where = at === -1 ? inMemory.length : at;
    const told = `memory ${found.length}, SQL ${bySql.length}, first at ${where}: ${inMemory[where]} / ${bySql[where]}`;
    return { found: found.length, difference: `${printQuery(query)} → ${told}` };
  };

  const inOrder = (query: Query): readonly string[] => {
    const asked = { query, context: generatedContext };
    const { keys, total } = searchTaskKeys(db, { ...asked, offset: 0, limit: tasks.length });
    const { total: counted } = searchTaskKeys(db, { ...asked, offset: 0, limit: 1 });
    return total === keys.length && counted === total ? keys : [`told ${total}, counted ${counted}`];
  };

  /** In the order in which they were put in, which is that of the list. */
  const asStored = (query: Query): readonly string[] => {
    const { from, where, parameters } = querySql(query, generatedContext);
    const row = db
      .prepare(`SELECT group_concat(id) AS ids FROM (SELECT tasks.id FROM ${from} WHERE ${where} ORDER BY tasks.id)`)
      .get(...parameters);
    const ids = row?.['ids'];
    return typeof ids === 'string' ? ids.split(',').map((id) => tasks[Number(id) - 1]?.key ?? id) : [];
  };

  return { compare, [Symbol.dispose]: () => db.close() };
}
