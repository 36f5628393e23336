import { addAmounts, amountNames, nothing } from '../../domain/coordination/amounts.ts';
import type { BudgetKey, BudgetRecord } from '../../domain/coordination/budget-record.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { HeldOfBudget } from '../../ports/budget-recount.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface CountedBudgets {
  readonly books: number;
  /** Differed just as much in this sweep and the one before, and were put right. */
  readonly repaired: readonly BudgetKey[];
}

const name = 'budget-differences';
const nobody: HeldOfBudget = { runs: 0, reserved: nothing };

/**
 * What is reserved of a budget is what the held claims hold of it; both change in one transaction, so a difference is a fault of
 * ours. Claims and books are not read in one moment, so only one that stands exactly so in two sweeps counts, and the book is put
 * right only while it still is what was seen.
 */
export async function countBudgets(room: SweepRoom, { isTimeUp }: SweepBounds): Promise<CountedBudgets> {
  const { budgets, claims, cursors, recount } = room;
  const held = new Map<BudgetKey, HeldOfBudget>();
  for await (const { reservation } of claims.list({ state: 'held' })) {
    for (const key of reservation?.keys ?? []) {
      const { runs, reserved } = held.get(key) ?? nobody;
      held.set(key, { runs: runs + 1, reserved: addAmounts(reserved, reservation?.amounts ?? nothing) });
    }
    if (isTimeUp()) return { books: 0, repaired: [] };
  }
  const stored = await cursors.read(name);
  const before = isObject(stored?.value) ? stored.value : {};
  const now: Record<BudgetKey, string> = {};
  const repaired: BudgetKey[] = [];
  let books = 0;
  for await (const book of budgets.list('')) {
    if (isTimeUp()) break;
    books += 1;
    const counted = held.get(book.key) ?? nobody;
    if (isSame(book, counted)) continue;
    const difference = JSON.stringify([book.runs, book.reserved, counted]);
    if (before[book.key] !== difference) now[book.key] = difference;
    else if ((await recount.recount(book, counted)) === 'recounted') repaired.push(book.key);
  }
  const isEmpty = Object.keys(now).length === 0;
  if (!isEmpty || Object.keys(before).length > 0) await cursors.write(name, now, stored?.version);
  return { books, repaired };
}

function isSame(book: BudgetRecord, { runs, reserved }: HeldOfBudget): boolean {
  return book.runs === runs && amountNames.every((amount) => book.reserved[amount] === reserved[amount]);
}
