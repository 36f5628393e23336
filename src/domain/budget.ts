/** What a run may use. Every limit is finite; the defaults too. Money is in millionths of a US dollar, integers only. */
export interface BudgetLimits {
  readonly maxTurns: number;
  /** Input, output, cache reads and cache writes together. */
  readonly maxTokens: number;
  readonly maxCostMicroUsd: number;
  readonly maxMinutes: number;
}

/** Tokens of one model call or of many added up. `inputTokens` excludes both cache figures (Anthropic's counting). */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export interface Spend {
  readonly turns: number;
  readonly usage: TokenUsage;
  readonly costMicroUsd: number;
  readonly elapsedMs: number;
}

export const defaultBudget: BudgetLimits = {
  maxTurns: 60,
  maxTokens: 4_000_000,
  maxCostMicroUsd: 2_000_000,
  maxMinutes: 30,
};

export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  };
}

export function totalTokens(usage: TokenUsage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

export const budgetLimits = ['turns', 'tokens', 'cost', 'minutes'] as const;
export type BudgetLimit = (typeof budgetLimits)[number];

/** The first limit that is used up, or undefined while there is room for another turn. */
export function exhaustedLimit(limits: BudgetLimits, spend: Spend): BudgetLimit | undefined {
  if (spend.turns >= limits.maxTurns) return 'turns';
  if (totalTokens(spend.usage) >= limits.maxTokens) return 'tokens';
  if (spend.costMicroUsd >= limits.maxCostMicroUsd) return 'cost';
  if (spend.elapsedMs >= limits.maxMinutes * 60_000) return 'minutes';
  return undefined;
}

/** `1234567` → `"1.23"`. */
export function formatUsd(microUsd: number): string {
  return (microUsd / 1_000_000).toFixed(2);
}
