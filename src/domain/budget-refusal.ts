import { type BudgetLimit, budgetLimits } from './budget.ts';

const beginning = 'the budget of this run is used up';

/** How the broker says that a call does not fit the budget: the message of its E307. */
export function printBudgetRefusal(limit: BudgetLimit, detail: string): string {
  return `${beginning} (${limit}): ${detail}`;
}

/** Which limit such a message is about; undefined for any other text. */
export function readBudgetRefusal(message: string): BudgetLimit | undefined {
  return budgetLimits.find((limit) => message.startsWith(`${beginning} (${limit}): `));
}
