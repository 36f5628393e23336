import type { Amounts } from '../domain/coordination/amounts.ts';
import type { BudgetRecord } from '../domain/coordination/budget-record.ts';

/** What the held claims hold of one budget. */
export interface HeldOfBudget {
  readonly runs: number;
  readonly reserved: Amounts;
}

/**
 * Puts right what a store keeps of a budget besides its claims. The stream tells what was reserved and settled, so this tells
 * nothing new: it makes the book agree with the stream again.
 */
export interface BudgetRecount {
  /** `moved`: the book is not what was seen any more, and stays as it is. */
  recount(seen: BudgetRecord, counted: HeldOfBudget): Promise<'recounted' | 'moved'>;
}
