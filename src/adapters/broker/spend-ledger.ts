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
import { printBudgetRefusal } from '../../domain/budget-refusal.ts';
import { costOf, type ModelPrice, ratesFor } from '../../domain/price.ts';
import type { Clock } from '../../ports/clock.ts';

export interface PlannedCall {
  readonly price: ModelPrice;
  readonly bodyBytes: number;
  readonly maxTokens: number;
}

/** What became of a call: its figures, or that it cost nothing, or that nobody can tell (then it costs what was reserved). */
export type CallEnd = { readonly kind: 'measured'; readonly usage: TokenUsage } | { readonly kind: 'free' | 'unknown' };

export type Reservation =
  /** `maxTokens` is what the call may ask for: all that was planned, or less near the end of the budget. */
  | { readonly kind: 'granted'; readonly maxTokens: number; settle(end: CallEnd): void }
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

/** An answer shorter than this is of no use to an agent; rather none, and the run ends with what it has. */
const shortestAnswer = 2_048;

/**
 * Reserves what a call may cost before it is made and settles what it did cost after, so that calls side by side cannot
 * spend the same money twice. The answer is reserved at its worst (all of `max_tokens`), and allowed to be shorter where
 * the budget no longer covers that. The prompt is reserved at what it should be: what the last answer left in the cache
 * at the price of a cache read, the rest at that of a cache write.
 */
export function createSpendLedger(budget: BudgetLimits, clock: Clock): SpendLedger {
  let startedAt = clock.monotonic();
  let turns = 0;
  let usage = noUsage;
  let costMicroUsd = 0;
  const open = new Set<{ readonly usage: TokenUsage; readonly cost: number }>();
  let last = { tokensPerByte: firstTokensPerByte, cachedTokens: 0, at: Number.NEGATIVE_INFINITY };

  const elapsed = () => clock.monotonic() - startedAt;
  const prompt = ({ bodyBytes }: PlannedCall): TokenUsage => {
    const tokens = Math.ceil(bodyBytes * last.tokensPerByte);
    const warm = clock.monotonic() - last.at < cacheLifeMs;
    const cacheReadTokens = warm ? Math.min(tokens, last.cachedTokens) : 0;
    return { ...noUsage, cacheReadTokens, cacheWriteTokens: tokens - cacheReadTokens };
  };
  const pending = () =>
    [...open].reduce((sum, item) => ({ cost: sum.cost + item.cost, tokens: sum.tokens + totalTokens(item.usage) }), {
      cost: costMicroUsd,
      tokens: totalTokens(usage),
    });

  return {
    start() {
      startedAt = clock.monotonic();
    },
    reserve(call) {
      if (turns + open.size >= budget.maxTurns) return refuse('turns', `all ${budget.maxTurns} were made`);
      if (elapsed() >= budget.maxMinutes * 60_000) return refuse('minutes', `all ${budget.maxMinutes} are over`);
      const asked = prompt(call);
      const left = {
        cost: budget.maxCostMicroUsd - pending().cost - costOf(call.price, asked),
        tokens: budget.maxTokens - pending().tokens - totalTokens(asked),
      };
      const fewest = Math.min(call.maxTokens, shortestAnswer);
      const outputRate = ratesFor(call.price, totalTokens(asked)).output;
      const affordable = Math.floor((left.cost * 1_000_000) / Math.max(outputRate, 1));
      if (affordable < fewest) {
        const spent = `${formatUsd(costMicroUsd)} of ${formatUsd(budget.maxCostMicroUsd)} USD are spent`;
        return refuse('cost', `${spent}, and the rest does not cover the next call`);
      }
      if (left.tokens < fewest) {
        const used = `${totalTokens(usage)} of ${budget.maxTokens} are used`;
        return refuse('tokens', `${used}, and the rest does not cover the next call`);
      }
      const maxTokens = Math.min(call.maxTokens, affordable, left.tokens);
      const whole = { ...asked, outputTokens: maxTokens };
      const reserved = { usage: whole, cost: costOf(call.price, whole) };
      open.add(reserved);
      return {
        kind: 'granted',
        maxTokens,
        settle(end) {
          // The first word counts: an answer that ended and a connection that broke right after are one call.
          if (!open.delete(reserved) || end.kind === 'free') return;
          const real = end.kind === 'measured' ? end.usage : reserved.usage;
          turns += 1;
          usage = addUsage(usage, real);
          costMicroUsd += costOf(call.price, real);
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
  return { kind: 'refused', limit, message: printBudgetRefusal(limit, message) };
}
