import { describe, expect, test } from 'vitest';
import type { TaskView } from '../../../../src/domain/coordination/task-record.ts';
import { parseQuery } from '../../../../src/domain/query/parser.ts';
import { compareTasks, orderOf } from '../../../../src/domain/query/sort.ts';
import { sampleView } from '../../../fakes/query-samples.ts';

function sorted(text: string, tasks: readonly TaskView[]): readonly string[] {
  const parsed = parseQuery(text);
  if (parsed.kind === 'error') throw new Error(parsed.error.message);
  return [...tasks].sort(compareTasks(orderOf(parsed.query))).map(({ key }) => key);
}

const task = (key: string, priority: number, createdAt: number, closedAt?: number): TaskView =>
  sampleView({ key, priority }, { createdAt, ...(closedAt === undefined ? {} : { closedAt }) });

describe('the order of what is found', () => {
  const tasks = [task('d', 1, 30, 5), task('c', 0, 20), task('b', 1, 10, 9), task('a', 1, 10)];

  test('is by priority, then age, then key, when the query does not say', () => {
    expect(sorted('is:open', tasks)).toEqual(['c', 'a', 'b', 'd']);
  });

  test('is what sort: says, one after the other, ties by key in any direction', () => {
    expect(sorted('sort:created', tasks)).toEqual(['d', 'c', 'a', 'b']);
    expect(sorted('sort:created-asc', tasks)).toEqual(['a', 'b', 'c', 'd']);
    expect(sorted('sort:priority-desc sort:created', tasks)).toEqual(['d', 'a', 'b', 'c']);
    expect(sorted('sort:priority-desc,created', tasks)).toEqual(['d', 'a', 'b', 'c']);
  });

  test('puts what lacks the value last in either direction', () => {
    expect(sorted('sort:closed', tasks)).toEqual(['b', 'd', 'a', 'c']);
    expect(sorted('sort:closed-asc', tasks)).toEqual(['d', 'b', 'a', 'c']);
  });
});
