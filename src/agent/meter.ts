import {
  addUsage,
  type BudgetLimit,
  type BudgetLimits,
  exhaustedLimit,
  noUsage,
  type Spend,
} from '../domain/budget.ts';
import { remainingMs, type Scarcity, scarceLimit } from '../domain/budget-left.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelReply } from '../ports/model.ts';

/** What a run has used, against what it may. It begins to count when it is made. */
export interface Meter {
  readonly limits: BudgetLimits;
  countCall(): void;
  countReply(reply: Pick<ModelReply, 'usage' | 'costMicroUsd'>): void;
  spend(): Spend;
  modelCalls(): number;
  remainingMs(): number;
  exhausted(): BudgetLimit | undefined;
  scarce(): Scarcity | undefined;
}

export function startMeter(limits: BudgetLimits, clock: Clock): Meter {
  const startedAt = clock.monotonic();
  let modelCalls = 0;
  let used = { turns: 0, usage: noUsage, costMicroUsd: 0 };
  const spend = (): Spend => ({ ...used, elapsedMs: Math.round(clock.monotonic() - startedAt) });
  return {
    limits,
    countCall: () => {
      modelCalls += 1;
    },
    countReply: (reply) => {
      used = {
        turns: used.turns + 1,
        usage: addUsage(used.usage, reply.usage),
        costMicroUsd: used.costMicroUsd + reply.costMicroUsd,
      };
    },
    spend,
    modelCalls: () => modelCalls,
    remainingMs: () => remainingMs(limits, spend()),
    exhausted: () => exhaustedLimit(limits, spend()),
    scarce: () => scarceLimit(limits, spend()),
  };
}
