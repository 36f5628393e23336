import { describe, expect, test } from 'vitest';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { type BudgetRecord, openBudget } from '../../../src/domain/coordination/budget-record.ts';
import { countBudgets } from '../../../src/flows/sweep/count-budgets.ts';
import { memoryCursors } from '../../fakes/memory-cursors.ts';
import { noBounds } from './sweep.fixture.ts';

const minuteMs = 60_000;

/** Books and claims in memory; `looked` tells which books each sweep read. */
function scene() {
  const books = new Map<string, BudgetRecord>();
  const held: { readonly reservation: { readonly keys: readonly string[]; readonly amounts: typeof nothing } }[] = [];
  let now = Date.parse('2026-11-21T12:00:00Z');
  let looked: string[] = [];
  const open = (key: string, more: Partial<BudgetRecord> = {}) =>
    books.set(key, { ...openBudget({ key, caps: {} }), ...more });
  const room = {
    budgets: {
      caps: async () => undefined,
      setCaps: async () => undefined,
      read: async (key: string) => {
        looked.push(key);
        return books.get(key);
      },
      list: async function* () {
        for (const book of books.values()) {
          looked.push(book.key);
          yield book;
        }
      },
    },
    claims: {
      list: async function* () {
        yield* held;
      },
    },
    cursors: memoryCursors(),
    clock: { now: () => now },
    recount: {
      recount: async (seen: BudgetRecord, counted: Pick<BudgetRecord, 'runs' | 'reserved'>) => {
        books.set(seen.key, { ...seen, ...counted });
        return 'recounted' as const;
      },
    },
  };
  const sweep = async () => {
    looked = [];
    now += minuteMs;
    const { repaired } = await countBudgets(room as unknown as Parameters<typeof countBudgets>[0], noBounds);
    return { looked, repaired };
  };
  return { books, held, open, sweep };
}

describe('what is reserved of budgets is counted anew', () => {
  test('a book that rests is looked at once an hour, one that claims draw from each time', async () => {
    const { held, open, sweep } = scene();
    for (const issue of [1, 2, 3]) open(`issue/octo/slug/${issue}`);
    open('organisation/octo', { runs: 1 });
    held.push({ reservation: { keys: ['organisation/octo'], amounts: nothing } });
    expect((await sweep()).looked).toHaveLength(4);
    for (let minute = 1; minute < 60; minute += 1) expect((await sweep()).looked).toEqual(['organisation/octo']);
    expect((await sweep()).looked).toHaveLength(4);
  });

  test('a slot that nobody holds is given back by the second sweep that sees it, also where the book rests', async () => {
    const { books, open, sweep } = scene();
    open('issue/octo/slug/7', { runs: 1, reserved: { ...nothing, turns: 9 } });
    expect(await sweep()).toEqual({ looked: ['issue/octo/slug/7'], repaired: [] });
    expect(await sweep()).toEqual({ looked: ['issue/octo/slug/7'], repaired: ['issue/octo/slug/7'] });
    expect(books.get('issue/octo/slug/7')).toMatchObject({ runs: 0, reserved: nothing });
    expect((await sweep()).looked).toEqual([]);
  });

  test('a difference that moves between two sweeps is left alone', async () => {
    const { open, sweep } = scene();
    open('organisation/octo', { runs: 1 });
    await sweep();
    open('organisation/octo', { runs: 2 });
    expect((await sweep()).repaired).toEqual([]);
  });
});
