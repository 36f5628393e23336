import { defaultBudget } from '../budget.ts';
import { type Amounts, mapAmounts, nothing } from './amounts.ts';
import { ceilingOf } from './run-amounts.ts';

/** A run overshoots by one step at most; that is far less than once more what it reserved. */
const factor = 2;

/**
 * What a run can have spent by the word of somebody who answers for its repository only. The same books hold what other
 * repositories of the organisation may spend, and no run uses them up by one large figure.
 */
export function believedSpent(told: Amounts, reserved: Amounts = nothing): Amounts {
  const usual = ceilingOf(defaultBudget);
  return mapAmounts((name) => Math.min(told[name], factor * Math.max(reserved[name], usual[name])));
}
