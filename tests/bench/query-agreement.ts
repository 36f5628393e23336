import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../src/adapters/sqlite/migrate.ts';
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
  readonly memoryMs: number;
  readonly sqlMs: number;
  /** Undefined when both found the same tasks in the same order. */
  readonly difference?: string;
}

export interface AgreementCheck extends Disposable {
  readonly compare: (query: Query) => Agreement;
}

/** The same tasks in memory and in a real SQLite database; a query is answered by both. */
export function openAgreement(tasks: readonly TaskView[]): AgreementCheck {
  const db = new DatabaseSync(':memory:');
  migrate(db, ':memory:');
  insertTasks(db, tasks);
  db.exec('ANALYZE');
  const compare = (query: Query): Agreement => {
    const started = performance.now();
    const test = taskPredicate(query, generatedContext);
    const inMemory = tasks.filter(test).sort(compareTasks(orderOf(query)));
    const between = performance.now();
    const { keys, total } = searchTaskKeys(db, { query, context: generatedContext, offset: 0, limit: tasks.length });
    const sqlMs = performance.now() - between;
    const figures = { found: inMemory.length, memoryMs: between - started, sqlMs };
    const at = inMemory.findIndex(({ key }, index) => key !== keys[index]);
    const same = at === -1 && keys.length === inMemory.length && total === keys.length;
    if (same) return figures;
    const where = at === -1 ? inMemory.length : at;
    const told = `memory ${inMemory.length}, SQL ${keys.length}, first at ${where}: ${inMemory[where]?.key} / ${keys[where]}`;
    return { ...figures, difference: `${printQuery(query)} → ${told}` };
  };
  return { compare, [Symbol.dispose]: () => db.close() };
}
