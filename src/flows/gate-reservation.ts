import type { ClaimKey } from '../domain/claim.ts';
import { budgetDraws, defaultCaps, scopesOfClaim } from '../domain/coordination/budget-draws.ts';
import type { BudgetCaps, Reservation } from '../domain/coordination/budget-record.ts';
import { ceilingOf } from '../domain/coordination/run-amounts.ts';
import type { Settings } from '../domain/settings.ts';
import type { Gate, ReadyWork } from './gate.ts';
import { reservationFor } from './reservation-for.ts';
import { claimKeyOfWork, limitsOf } from './work-limits.ts';

/**
 * The run's ceiling, from the budgets that it counts against. With a coordinator its limits count; without one those of
 * the repository's own file, and what other repositories of the organisation spend is not seen from here.
 */
export async function gateReservation(gate: Gate, work: ReadyWork): Promise<Reservation> {
  const { request } = work;
  const key = claimKeyOfWork(gate, work);
  const amounts = ceilingOf(limitsOf(work).budget);
  const now = gate.clock.now();
  if (gate.books !== undefined) return reservationFor(gate.books.budgets, { key, amounts, now });
  const caps = capsOfSettings(key, request.settings);
  const own = budgetDraws(key, now, (scope) => caps.get(scope));
  return { draws: own.filter((draw) => !draw.key.startsWith('organisation/')), amounts };
}

function capsOfSettings(key: ClaimKey, settings: Settings): ReadonlyMap<string, BudgetCaps> {
  const { maxIssueCostMicroUsd, maxDayCostMicroUsd, maxConcurrentRuns } = settings;
  const chosen: Readonly<Record<string, BudgetCaps>> = {
    issue: { ...defaultCaps.issue, microUsd: maxIssueCostMicroUsd },
    repository: { runs: maxConcurrentRuns },
    'repository/day': { ...defaultCaps['repository/day'], microUsd: maxDayCostMicroUsd },
  };
  return new Map(
    scopesOfClaim(key).flatMap(({ scope, kind }) => {
      const caps = chosen[kind];
      return caps === undefined ? [] : [[scope, caps]];
    }),
  );
}
