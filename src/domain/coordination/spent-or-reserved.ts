import { type Amounts, amountNames, nothing } from './amounts.ts';
import type { RunRecord } from './run-record.ts';

/**
 * What a run cost that was ended by others. When it never told a figure it may have been at work all the time, so all that
 * it had reserved counts, as the budgets book it: one that forgot what nobody mentioned would never run out.
 */
export function spentOrReserved(run: Pick<RunRecord, 'spent'> | undefined, reserved: Amounts = nothing): Amounts {
  const hasTold = run !== undefined && amountNames.some((name) => run.spent[name] > 0);
  return hasTold ? run.spent : reserved;
}
