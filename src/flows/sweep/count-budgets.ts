import { addAmounts, amountNames, nothing } from '../../domain/coordination/amounts.ts';
import type { BudgetKey, BudgetRecord } from '../../domain/coordination/budget-record.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import type { HeldOfBudget } from '../../ports/budget-recount.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface CountedBudgets {
  readonly books: number;
  /** Differed just as much in this sweep and the one before, and were put right. */
  readonly repaired: readonly BudgetKey[];
}

type CountRoom = Pick<SweepRoom, 'budgets' | 'claims' | 'cursors' | 'recount' | 'clock'>;

/** What is remembered from one sweep to the next. */
interface Seen {
  /** When all books were looked at. */
  readonly allAt: number;
  readonly differences: Readonly<Record<BudgetKey, unknown>>;
}

const name = 'budget-differences';
const nobody: HeldOfBudget = { runs: 0, reserved: nothing };
/** There are as many books as there ever were issues, and as many again each day as repositories: most of them rest. */
const allEveryMs = 60 * 60_000;

/**
 * What is reserved of a budget is what the held claims hold of it; both change in one transaction, so a difference is a fault of
 * ours. Claims and books are not read in one moment, so only one that stands exactly so in two sweeps counts, and the book is put
 * right only while it still is what was seen. Books that claims draw from are looked at each time, all the others each hour.
 */
export async function countBudgets(room: CountRoom, { isTimeUp }: SweepBounds): Promise<CountedBudgets> {
  const { budgets, claims, cursors, recount, clock } = room;
  const held = new Map<BudgetKey, HeldOfBudget>();
  for await (const { reservation } of claims.list({ state: 'held' })) {
    for (const key of reservation?.keys ?? []) {
      const { runs, reserved } = held.get(key) ?? nobody;
      held.set(key, { runs: runs + 1, reserved: addAmounts(reserved, reservation?.amounts ?? nothing) });
    }
    if (isTimeUp()) return { books: 0, repaired: [] };
  }
  const stored = await cursors.read(name);
  const before = readSeen(stored?.value);
  const isAll = clock.now() - before.allAt >= allEveryMs;
  const looked = isAll
    ? budgets.list('')
    : named(budgets, new Set([...held.keys(), ...Object.keys(before.differences)]));
  const differences: Record<BudgetKey, string> = {};
  const repaired: BudgetKey[] = [];
  let books = 0;
  for await (const book of looked) {
    if (isTimeUp()) break;
    books += 1;
    const counted = held.get(book.key) ?? nobody;
    if (isSame(book, counted)) continue;
    const difference = JSON.stringify([book.runs, book.reserved, counted]);
    if (before.differences[book.key] !== difference) differences[book.key] = difference;
    else if ((await recount.recount(book, counted)) === 'recounted') repaired.push(book.key);
  }
  const now: Seen = { allAt: isAll ? clock.now() : before.allAt, differences };
  const isNew = isAll || Object.keys({ ...differences, ...before.differences }).length > 0;
  if (isNew) await cursors.write(name, now, stored?.version);
  return { books, repaired };
}

async function* named(budgets: CountRoom['budgets'], keys: ReadonlySet<BudgetKey>): AsyncGenerator<BudgetRecord> {
  for (const key of keys) {
    const book = await budgets.read(key);
    if (book !== undefined) yield book;
  }
}

function isSame(book: BudgetRecord, { runs, reserved }: HeldOfBudget): boolean {
  return book.runs === runs && amountNames.every((amount) => book.reserved[amount] === reserved[amount]);
}

function readSeen(value: unknown): Seen {
  const { allAt, differences } = isObject(value) ? value : {};
  return { allAt: isCount(allAt) ? allAt : 0, differences: isObject(differences) ? differences : {} };
}
