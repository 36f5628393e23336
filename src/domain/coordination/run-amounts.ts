import { type BudgetLimits, type Spend, totalTokens } from '../budget.ts';
import type { Amounts } from './amounts.ts';

/** What a run sends to GitHub at most in all its jobs, as far as it was counted: gate 40, publish 40, the rest waits and repeats. */
const requestsOfARun = 200;

/** What a run may use at most: reserved with its claim. */
export function ceilingOf(limits: BudgetLimits): Amounts {
  const { maxCostMicroUsd, maxTokens, maxTurns, maxMinutes } = limits;
  return {
    microUsd: maxCostMicroUsd,
    tokens: maxTokens,
    turns: maxTurns,
    minutes: Math.ceil(maxMinutes),
    githubPoints: requestsOfARun,
  };
}

/** What a run did use: its reservation is settled with this. */
export function amountsOf(spend: Spend, githubRequests: number): Amounts {
  return {
    microUsd: spend.costMicroUsd,
    tokens: totalTokens(spend.usage),
    turns: spend.turns,
    minutes: Math.ceil(spend.elapsedMs / 60_000),
    githubPoints: githubRequests,
  };
}
