import type { ActivityChange } from './activity.ts';
import { type BudgetKey, type BudgetRecord, openBudget, reserved, settled } from './budget-record.ts';

export type BudgetChange = Extract<ActivityChange, { readonly type: `budget.${string}` }>;

/** The books that a change touches. */
export function booksOf(change: BudgetChange): readonly BudgetKey[] {
  return [...new Set(change.type === 'budget.limited' ? change.keys : change.reservation.keys)];
}

/** One book after a change; as it was when the change is not about it. */
export function applyBudgetChange(
  book: BudgetRecord | undefined,
  change: BudgetChange,
  key: BudgetKey,
): BudgetRecord | undefined {
  if (!booksOf(change).includes(key)) return book;
  switch (change.type) {
    case 'budget.reserved': {
      const opened = change.opened.find((fresh) => fresh.key === key);
      const open = opened === undefined ? book : openBudget(opened);
      return open && reserved(open, change.reservation.amounts);
    }
    case 'budget.settled':
      return book && settled(book, change.reservation.amounts, change.spent);
    case 'budget.limited':
      return book && { ...book, caps: change.caps };
    default:
      return change satisfies never;
  }
}
