import {
  addUsage,
  type BudgetLimit,
  type BudgetLimits,
  formatUsd,
  noUsage,
  type Spend,
  type TokenUsage,
  totalTokens,
} from '../../domain/budget.ts';
import { costOf, type ModelPrice } from '../../domain/price.ts';
import type { Clock } from '../../ports/clock.ts';

export interface PlannedCall {
  readonly price: ModelPrice;
  readonly bodyBytes: number;
  readonly maxTokens: number;
}

/** What became of a call: its figures, or that it cost nothing, or that nobody can tell (then it costs what was reserved). */
export type CallEnd = { readonly kind: 'measured'; readonly usage: TokenUsage } | { readonly kind: 'free' | 'unknown' };

export type Reservation =
  | { readonly kind: 'granted'; settle(end: CallEnd): void }
  | { readonly kind: 'refused'; readonly limit: BudgetLimit; readonly message: string };

export interface SpendLedger {
  /** Starts the clock of `maxMinutes`. */
  start(): void;
  reserve(call: PlannedCall): Reservation;
  spend(): Spend;
}

const cacheLifeMs = 5 * 60_000;
/** Code and prose come out at 3 to 4 bytes a token; corrected by each answer's own figures. */
const firstTokensPerByte = 1 / 3;

/**
 * Reserves what a call may cost before it is made and settles what it did cost after, so that calls side by side cannot
 * spend the same money twice. The answer is reserved at its worst (all of `max_tokens`). The prompt is reserved at what
 * it should be: what the last answer left in the cache at the price of a cache read, the rest at that of a cache write.
 */
export function createSpendLedger(budget: BudgetLimits, clock: Clock): SpendLedger {
  let startedAt = clock.monotonic();
  let turns = 0;
  let usage = noUsage;
  let costMicroUsd = 0;
  const open = new Set<{ readonly usage: TokenUsage; readonly cost: number }>();
  let last = { tokensPerByte: firstTokensPerByte, cachedTokens: 0, at: Number.NEGATIVE_INFINITY };

  const elapsed = () => clock.monotonic() - startedAt;
  const plan = ({ bodyBytes, maxTokens }: PlannedCall): TokenUsage => {
    const prompt = Math.ceil(bodyBytes * last.tokensPerByte);
    const warm = clock.monotonic() - last.at < cacheLifeMs;
    const cacheReadTokens = warm ? Math.min(prompt, last.cachedTokens) : 0;
    return { inputTokens: 0, outputTokens: maxTokens, cacheReadTokens, cacheWriteTokens: prompt - cacheReadTokens };
  };

  return {
    start() {
      startedAt = clock.monotonic();
    },
    reserve(call) {
      const reserved = { usage: plan(call), cost: costOf(call.price, plan(call)) };
      const pending = [...open, reserved];
      const cost = pending.reduce((sum, item) => sum + item.cost, costMicroUsd);
      const tokens = pending.reduce((sum, item) => sum + totalTokens(item.usage), totalTokens(usage));
      if (turns + pending.length > budget.maxTurns) return refuse('turns', `all ${budget.maxTurns} turns were made`);
      if (cost > budget.maxCostMicroUsd) {
        const need = `${formatUsd(costMicroUsd)} USD are spent, the next call may need ${formatUsd(reserved.cost)}`;
        return refuse('cost', `${need}, and ${formatUsd(budget.maxCostMicroUsd)} are allowed`);
      }
      if (tokens > budget.maxTokens) {
        const need = `${totalTokens(usage)} are used, the next call may need ${totalTokens(reserved.usage)}`;
        return refuse('tokens', `${need}, and ${budget.maxTokens} are allowed`);
      }
      if (elapsed() >= budget.maxMinutes * 60_000) return refuse('minutes', `${budget.maxMinutes} minutes are over`);
      open.add(reserved);
      return {
        kind: 'granted',
        settle(end) {
          // The first word counts: an answer that ended and a connection that broke right after are one call.
          if (!open.delete(reserved) || end.kind === 'free') return;
          const real = end.kind === 'measured' ? end.usage : reserved.usage;
          turns += 1;
          usage = addUsage(usage, real);
          costMicroUsd += end.kind === 'measured' ? costOf(call.price, real) : reserved.cost;
          if (end.kind === 'measured') last = learn(call.bodyBytes, real, clock.monotonic());
        },
      };
    },
    spend: () => ({ turns, usage, costMicroUsd, elapsedMs: elapsed() }),
  };
}

function learn(bodyBytes: number, usage: TokenUsage, at: number) {
  const prompt = totalTokens(usage) - usage.outputTokens;
  const tokensPerByte = prompt === 0 ? firstTokensPerByte : prompt / bodyBytes;
  return { tokensPerByte, cachedTokens: usage.cacheReadTokens + usage.cacheWriteTokens, at };
}

function refuse(limit: BudgetLimit, message: string): Reservation {
  return { kind: 'refused', limit, message: `the budget of this run is used up: ${message}` };
}
