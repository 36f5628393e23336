import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ageingMs, byRank } from '../../../../src/domain/dispatch/line-order.ts';

const task = fc.record({
  key: fc.integer({ min: 1, max: 99 }).map((number) => `github/octo/slug/issues/${number}`),
  since: fc.integer({ min: 0, max: 5 * ageingMs }),
  priority: fc.integer({ min: 0, max: 4 }),
});

describe('the order of a line', () => {
  test('is by priority among those that came in the same half day, then by age', () => {
    const of = (number: number, priority: number, since: number) => ({ key: `${number}`, priority, since });
    const line = [of(1, 3, 0), of(2, 3, 1), of(3, 0, 2), of(4, 2, 3), of(5, 0, 4)];
    expect([...line].sort(byRank).map(({ key }) => key)).toEqual(['3', '5', '4', '1', '2']);
  });

  test('is one order, whoever is compared with whom', () => {
    fc.assert(
      fc.property(fc.array(task, { maxLength: 12 }), (tasks) => {
        const once = [...tasks].sort(byRank);
        expect([...tasks].reverse().sort(byRank)).toEqual(once);
        for (const [at, one] of once.entries()) {
          for (const later of once.slice(at)) expect(byRank(one, later)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test('lets nobody be passed by what comes two days later, and nobody who is more urgent by what is less', () => {
    fc.assert(
      fc.property(task, task, (one, other) => {
        if (other.since - one.since > 4 * ageingMs) expect(byRank(one, other)).toBeLessThan(0);
        if (one.priority < other.priority && one.since - other.since < ageingMs) {
          expect(byRank(one, other)).toBeLessThan(0);
        }
        if (one.priority === other.priority && one.since < other.since) expect(byRank(one, other)).toBeLessThan(0);
      }),
    );
  });

  test('takes a place that an earlier version wrote down by its time', () => {
    expect(byRank({ key: 'a', since: 5 }, { key: 'b', since: 5, priority: 1 })).toBeLessThan(0);
    expect(byRank({ key: 'a', since: 5 }, { key: 'b', since: 6 })).toBeLessThan(0);
  });
});
