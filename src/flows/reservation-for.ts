import type { ClaimKey } from '../domain/claim.ts';
import { type Amounts, nothing } from '../domain/coordination/amounts.ts';
import { budgetDraws, scopesOfClaim, usesAmounts } from '../domain/coordination/budget-draws.ts';
import type { Reservation } from '../domain/coordination/budget-record.ts';
import type { BudgetStore } from '../ports/budget-store.ts';

/** What a run on this issue reserves: its ceiling, from every budget that the issue belongs to, under the limits set now. */
export async function reservationFor(
  budgets: Pick<BudgetStore, 'caps'>,
  { key, amounts, now }: { readonly key: ClaimKey; readonly amounts: Amounts; readonly now: number },
): Promise<Reservation> {
  const scopes = scopesOfClaim(key);
  const caps = await Promise.all(scopes.map(async ({ scope }) => [scope, await budgets.caps(scope)] as const));
  const capsOf = new Map(caps);
  const draws = budgetDraws(key, now, (scope) => capsOf.get(scope));
  return { draws, amounts: usesAmounts(scopes) ? amounts : nothing };
}
