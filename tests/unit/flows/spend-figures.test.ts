import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { type BudgetRecord, openBudget } from '../../../src/domain/coordination/budget-record.ts';
import { spendFigures } from '../../../src/flows/sweep/figures.ts';
import { memoryCursors } from '../../fakes/memory-cursors.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const minuteMs = 60_000;

/** Books in memory; what was asked of them and how often the cursor was written. */
function scene(start = '2026-11-21T12:00:00Z') {
  const books = new Map<string, BudgetRecord>();
  const clock = simulatedClock(Date.parse(start));
  const cursors = memoryCursors();
  const asked = { read: 0, listed: 0, written: 0 };
  const spend = (organisation: string, microUsd: number, at = clock.now()): void => {
    const key = `organisation/${organisation}/day/${new Date(at).toISOString().slice(0, 10)}`;
    const book = books.get(key) ?? openBudget({ key, caps: {} });
    books.set(key, { ...book, spent: { ...nothing, microUsd: book.spent.microUsd + microUsd } });
  };
  const room = {
    budgets: {
      caps: async () => undefined,
      setCaps: async () => undefined,
      read: async (key: string) => {
        asked.read += 1;
        return books.get(key);
      },
      list: async function* () {
        for (const book of books.values()) {
          asked.listed += 1;
          yield book;
        }
      },
    },
    cursors: {
      read: cursors.read,
      write: (...given: Parameters<typeof cursors.write>) => {
        asked.written += 1;
        return cursors.write(...given);
      },
    },
    clock,
  };
  return { asked, clock, spend, sweep: () => spendFigures(room) };
}

describe('what runs cost', () => {
  test('is read from two books of an organisation, and written down only when something was spent', async () => {
    const { asked, clock, spend, sweep } = scene();
    for (let day = 1; day <= 100; day += 1) spend('octo', 5, clock.now() - day * 24 * 60 * minuteMs);
    spend('octo', 7);
    await sweep();
    Object.assign(asked, { read: 0, listed: 0, written: 0 });
    for (let minute = 1; minute < 60; minute += 1) {
      clock.advance(minuteMs);
      expect(await sweep()).toEqual({ hourMicroUsd: 0, dayMicroUsd: 7 });
    }
    expect(asked).toEqual({ read: 2 * 59, listed: 0, written: 0 });
    spend('octo', 3);
    expect(await sweep()).toEqual({ hourMicroUsd: 3, dayMicroUsd: 10 });
    expect(asked.written).toBe(1);
  });

  test('is known of an organisation that is new within the hour, and of a run that ended after midnight', async () => {
    const { clock, spend, sweep } = scene('2026-11-21T23:50:00Z');
    spend('octo', 10);
    await sweep();
    const began = clock.now();
    clock.advance(20 * minuteMs);
    // Booked where it was reserved.
    spend('octo', 4, began);
    spend('octo', 1);
    spend('hexa', 100);
    expect(await sweep()).toEqual({ hourMicroUsd: 5, dayMicroUsd: 1 });
    clock.advance(45 * minuteMs);
    expect(await sweep()).toEqual({ hourMicroUsd: 105, dayMicroUsd: 101 });
  });

  test('of the last hour is what was booked since the last sweep that was an hour ago, whenever sweeps come', async () => {
    const step = fc.record({ minutes: fc.integer({ min: 1, max: 40 }), microUsd: fc.integer({ min: 0, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, spend, sweep } = scene('2026-11-21T00:00:00Z');
        spend('octo', 1);
        await sweep();
        const sweeps = [{ at: clock.now(), booked: 0 }];
        let booked = 0;
        for (const { minutes, microUsd } of steps) {
          clock.advance(minutes * minuteMs);
          spend('octo', microUsd);
          booked += microUsd;
          sweeps.push({ at: clock.now(), booked });
          const hourAgo = clock.now() - 60 * minuteMs;
          const { hourMicroUsd } = await sweep();
          const from = sweeps.findLast(({ at }) => at <= hourAgo) ?? sweeps[0];
          expect(hourMicroUsd).toBe(booked - (from?.booked ?? 0));
        }
      }),
      { numRuns: 50 },
    );
  });
});
