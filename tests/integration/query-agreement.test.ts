import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { queryLimits } from '../../src/domain/query/limits.ts';
import { parseQuery } from '../../src/domain/query/parser.ts';
import type { Query } from '../../src/domain/query/syntax.ts';
import { openAgreement } from '../bench/query-agreement.ts';
import { generatedQuery } from '../fakes/generated-queries.ts';
import { generatedTasks } from '../fakes/generated-tasks.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';

const check = openAgreement(generatedTasks(400, 11));
afterAll(() => check[Symbol.dispose]());

function query(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.kind === 'error') throw new Error(parsed.error.message);
  return parsed.query;
}

describe('SQLite and memory', () => {
  test('find the same tasks in the same order, whatever is asked', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(check.compare(generatedQuery(drawFrom(seed), 'tasks', 3), 'order').difference).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test('take what looks like SQL for what it is', () => {
    for (const text of [
      `label:"'); DROP TABLE tasks; --"`,
      `"' OR 1=1"`,
      `author:"x'"`,
      'milestone:"%"',
      'label:"_ug"',
    ]) {
      expect(check.compare(query(text), 'set')).toMatchObject({ found: 0 });
      expect(check.compare(query(text), 'set').difference).toBeUndefined();
    }
    expect(check.compare(query(''), 'order').found).toBe(400);
  });

  test.each(['AND', 'OR'])('agree on as many conditions as a query may have, joined by %s', (operator) => {
    const text = Array.from({ length: queryLimits.conditions }, (_, index) => `-comments:${index + 5}`).join(
      ` ${operator} `,
    );
    expect(check.compare(query(text), 'set').difference).toBeUndefined();
  });

  test('agree on the deepest nesting', () => {
    const text = `${'-(is:open OR ('.repeat(16)}label:bug${' crash))'.repeat(16)}`;
    expect(check.compare(query(text), 'set').difference).toBeUndefined();
  });
});
