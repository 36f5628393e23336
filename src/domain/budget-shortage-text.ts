import { formatUsd } from './budget.ts';
import type { AmountName } from './coordination/amounts.ts';
import type { BudgetKey, BudgetShortage } from './coordination/budget-record.ts';
import { counted } from './counted.ts';
import { isDaily } from './dispatch/worth-waiting.ts';
import { asCodeSpan } from './outgoing-text.ts';

/** Why nothing was started although nobody holds the issue: which budget, what it allows, what is gone, what to do. */
export function overBudget(shortage: BudgetShortage, phrase: string): string {
  const { budget, limit, cap, used, asked } = shortage;
  const name = asCodeSpan(budget.key, 200);
  const begin = `\`${phrase} fix\``;
  if (limit === 'runs') {
    return `Nothing was started: ${name} allows ${counted(cap, 'run')} at a time, and ${used} ${used === 1 ? 'is' : 'are'} at work. ${begin} starts one when another has ended.`;
  }
  const facts = `${name} allows ${amountText(limit, cap)}, ${amountText(limit, used)} of it spent or reserved, and this run may need ${amountText(limit, asked)}`;
  return `Nothing was started: ${facts}. ${whenAgain(budget.key)} A maintainer may raise the limit; then ${begin} starts anew.`;
}

/** Reservations come back when their run ends; what was spent comes back only where a budget begins anew each day. */
function whenAgain(key: BudgetKey): string {
  const returned = 'What other runs reserve and do not use comes back when they end';
  return isDaily(key) ? `${returned}, and the budget begins anew at 00:00 UTC.` : `${returned}.`;
}

/** `2.00 USD`, `4,000 tokens`. */
export function amountText(limit: AmountName, value: number): string {
  switch (limit) {
    case 'microUsd':
      return `${formatUsd(value)} USD`;
    case 'tokens':
      return counted(value, 'token');
    case 'turns':
      return counted(value, 'turn');
    case 'minutes':
      return counted(value, 'minute');
    case 'githubPoints':
      return counted(value, 'request to GitHub', 'requests to GitHub');
    default:
      return limit satisfies never;
  }
}
