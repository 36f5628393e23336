import type { TaskView } from '../coordination/task-record.ts';
import type { Measure } from './condition.ts';
import type { Query } from './syntax.ts';
import { taskMeasures } from './task-facts.ts';

export interface SortKey {
  readonly measure: Measure;
  readonly direction: 'asc' | 'desc';
}

/** By priority, then age: what is taken next when a query does not say. */
export const defaultOrder: readonly SortKey[] = [
  { measure: 'priority', direction: 'asc' },
  { measure: 'created', direction: 'asc' },
];

/** What `sort:` says, as it stands: `created-desc`. */
export function sortValues(query: Query): readonly string[] {
  const parts = query.kind === 'and' ? query.parts : [query];
  return parts
    .flatMap((part) => (part.kind === 'term' && part.field === 'sort' ? part.values : []))
    .flatMap((value) => (value.kind === 'literal' ? [value.text] : []));
}

const sortable: readonly Measure[] = ['created', 'updated', 'closed', 'comments', 'priority', 'attempts', 'cost'];

/** The order that a query asks for; of what tasks cannot be sorted by nothing. Ties go by the key of the task. */
export function orderOf(query: Query): readonly SortKey[] {
  const keys = sortValues(query).flatMap((value): SortKey[] => {
    const [, name, direction] = /^(.+)-(asc|desc)$/.exec(value) ?? [];
    const measure = sortable.find((known) => known === name);
    if (measure === undefined) return [];
    return [{ measure, direction: direction === 'asc' ? 'asc' : 'desc' }];
  });
  return keys.length === 0 ? defaultOrder : keys;
}

/** What lacks the value comes last in either direction. */
export function compareTasks(order: readonly SortKey[]): (a: TaskView, b: TaskView) => number {
  return (a, b) => {
    for (const { measure, direction } of order) {
      const [left, right] = [taskMeasures[measure](a), taskMeasures[measure](b)];
      if (left === right) continue;
      if (left === undefined) return 1;
      if (right === undefined) return -1;
      return (left < right ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    if (a.key === b.key) return 0;
    return a.key < b.key ? -1 : 1;
  };
}
