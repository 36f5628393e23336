import { formatUsd } from '../../domain/budget.ts';
import type { AmountName } from '../../domain/coordination/amounts.ts';
import type { BudgetShortage } from '../../domain/coordination/budget-record.ts';

const units: Readonly<Record<Exclude<AmountName, 'microUsd'>, string>> = {
  tokens: 'tokens',
  turns: 'turns',
  minutes: 'minutes',
  githubPoints: 'requests to GitHub',
};

/** `2.00 USD`, `4,000,000 tokens`, `5 runs`. */
export function amountText(name: AmountName | 'runs', value: number): string {
  if (name === 'microUsd') return `${formatUsd(value)} USD`;
  if (name === 'runs') return `${value} ${value === 1 ? 'run' : 'runs'}`;
  return `${value.toLocaleString('en-US')} ${units[name]}`;
}

/** Which budget stands in the way, with its figures and what to do, for a terminal. */
export function shortageText({ budget, limit, cap, used, asked }: BudgetShortage): string {
  const scope = budget.key.replace(/\/\d{4}-\d{2}-\d{2}$/, '');
  const facts =
    limit === 'runs'
      ? `${budget.key} allows ${amountText(limit, cap)} at a time, and ${used} ${used === 1 ? 'is' : 'are'} at work`
      : `${budget.key} allows ${amountText(limit, cap)}: ${amountText(limit, used)} are spent or reserved, ${amountText(limit, asked)} were asked for`;
  return `${facts}\n  fix   wait for a run to end${scope === budget.key ? '' : ' or for tomorrow (UTC)'}, or raise it: entropy-playground budgets set ${scope} …`;
}
