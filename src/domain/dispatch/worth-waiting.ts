import type { BudgetShortage } from '../coordination/budget-record.ts';

/**
 * Whether what stands in the way goes away by itself: others give back what they reserved and do not use, and a daily budget
 * begins anew. What this one run alone exceeds, or what was spent for good, only a person changes.
 */
export function isWorthWaiting({ budget, limit, cap, asked }: BudgetShortage): boolean {
  if (limit === 'runs') return cap >= 1;
  const spentForGood = isDaily(budget.key) ? 0 : budget.spent[limit];
  return spentForGood + asked <= cap;
}

export function isDaily(key: string): boolean {
  return /\/day\/\d{4}-\d{2}-\d{2}$/.test(key);
}
