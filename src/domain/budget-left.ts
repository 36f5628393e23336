import { type BudgetLimit, type BudgetLimits, type Spend, totalTokens } from './budget.ts';
import { counted } from './counted.ts';

/** Below this share of a limit the model is told, once, so that it can end well. */
const scarceShare = 0.2;

export function remainingMs(limits: BudgetLimits, spend: Spend): number {
  return Math.max(0, limits.maxMinutes * 60_000 - spend.elapsedMs);
}

export interface Scarcity {
  readonly limit: BudgetLimit;
  /** `3 turns`, `12 % of the tokens`. */
  readonly left: string;
}

/** The limit of which least is left, when that is little. */
export function scarceLimit(limits: BudgetLimits, spend: Spend): Scarcity | undefined {
  const shares: readonly { limit: BudgetLimit; share: number; left: (percent: number) => string }[] = [
    {
      limit: 'turns',
      share: 1 - spend.turns / limits.maxTurns,
      left: () => counted(Math.max(0, limits.maxTurns - spend.turns), 'turn'),
    },
    {
      limit: 'tokens',
      share: 1 - totalTokens(spend.usage) / limits.maxTokens,
      left: (percent) => `${percent} % of the tokens`,
    },
    {
      limit: 'cost',
      share: 1 - spend.costMicroUsd / limits.maxCostMicroUsd,
      left: (percent) => `${percent} % of the money`,
    },
    {
      limit: 'minutes',
      share: 1 - spend.elapsedMs / (limits.maxMinutes * 60_000),
      left: () => counted(Math.ceil(remainingMs(limits, spend) / 60_000), 'minute'),
    },
  ];
  const [least] = [...shares].sort((a, b) => a.share - b.share);
  if (least === undefined || least.share > scarceShare) return undefined;
  return { limit: least.limit, left: least.left(Math.max(0, Math.floor(least.share * 100))) };
}
