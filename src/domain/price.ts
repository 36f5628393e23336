import { type TokenUsage, totalTokens } from './budget.ts';
import { EntropyError } from './error.ts';

/** What a million tokens cost, in millionths of a US dollar (micro-USD), integers. Cache writes live five minutes. */
export interface TokenRates {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

export interface ModelPrice extends TokenRates {
  /** Some models charge every token of a request more once its prompt (caches included) is longer than this. */
  readonly longPrompt?: TokenRates & { readonly aboveTokens: number };
}

/** By model name, without the date that a snapshot's name ends in. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

const perMillion = (input: number, output: number, cacheWrite: number, cacheRead: number): TokenRates => ({
  input: Math.round(input * 1_000_000),
  output: Math.round(output * 1_000_000),
  cacheWrite: Math.round(cacheWrite * 1_000_000),
  cacheRead: Math.round(cacheRead * 1_000_000),
});

const fable5 = perMillion(10, 50, 12.5, 1);
const fable51 = perMillion(10, 50, 12.5, 0.25);
const fable52 = perMillion(8, 40, 10, 0.2);
const opus = perMillion(5, 25, 6.25, 0.5);
const sonnet4 = perMillion(3, 15, 3.75, 0.3);

/**
 * List prices of the Claude API, standard tier, in USD per million tokens: input, output, 5-minute cache write, cache
 * read. Source: https://platform.claude.com/docs/en/about-claude/pricing and the model pages beside it, read 2026-11;
 * the cut of Sonnet 5.5's cache reads and Haiku 5.5's two bands are of 2026-10-07, Fable 5.2 is of 2026-11-09.
 * Prices move: a caller's own table wins (`withPrices`).
 */
export const anthropicPrices: PriceTable = {
  'claude-fable-5-2': fable52,
  'claude-fable-5-1': fable51,
  'claude-fable-5': fable5,
  'claude-mythos-5-1': fable51,
  'claude-mythos-5': fable5,
  'claude-opus-5-5': perMillion(4, 20, 5, 0.2),
  'claude-opus-5': opus,
  'claude-opus-4-8': opus,
  'claude-opus-4-7': opus,
  'claude-opus-4-6': opus,
  'claude-opus-4-5': opus,
  'claude-sonnet-5-5': perMillion(2, 10, 2.5, 0.1),
  'claude-sonnet-5': perMillion(2, 10, 2.5, 0.2),
  'claude-sonnet-4-6': sonnet4,
  'claude-sonnet-4-5': sonnet4,
  'claude-haiku-5-5': {
    ...perMillion(0.1, 0.5, 0.125, 0.01),
    longPrompt: { aboveTokens: 100_000, ...perMillion(0.5, 2.5, 0.625, 0.05) },
  },
  'claude-haiku-4-5': perMillion(1, 5, 1.25, 0.1),
};

export function withPrices(table: PriceTable, overrides: PriceTable): PriceTable {
  for (const [model, price] of Object.entries(overrides)) assertRates(model, price);
  return { ...table, ...overrides };
}

/** The exact name, or the name without its snapshot date (`claude-haiku-4-5-20251001`). */
export function findPrice(table: PriceTable, model: string): ModelPrice | undefined {
  const name = Object.hasOwn(table, model) ? model : model.replace(/-\d{8}$/, '');
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Throws E101 for a model without a price: a run whose cost nobody can tell is not started. */
export function priceOf(table: PriceTable, model: string): ModelPrice {
  const price = findPrice(table, model);
  if (price !== undefined) return price;
  throw new EntropyError({
    code: 'E101',
    message: `the price of model "${model}" is not known, so its cost cannot be kept within the budget`,
    fix:
      'use a model with a known price, or give its price (micro-USD per million tokens), for example:\n' +
      `  prices:\n    ${model}: { input: 4000000, output: 20000000, cacheWrite: 5000000, cacheRead: 400000 }\n` +
      `known: ${Object.keys(table).join(', ')}`,
  });
}

/** Micro-USD, rounded up, so that many tiny calls never add up to nothing. */
export function costOf(price: ModelPrice, usage: TokenUsage): number {
  const rates = ratesFor(price, totalTokens(usage) - usage.outputTokens);
  const millionths =
    usage.inputTokens * rates.input +
    usage.outputTokens * rates.output +
    usage.cacheWriteTokens * rates.cacheWrite +
    usage.cacheReadTokens * rates.cacheRead;
  return Math.ceil(millionths / 1_000_000);
}

/** What every token of a call costs when its prompt is this long. */
export function ratesFor(price: ModelPrice, promptTokens: number): TokenRates {
  const long = price.longPrompt;
  return long !== undefined && promptTokens > long.aboveTokens ? long : price;
}

function assertRates(model: string, price: ModelPrice): void {
  const named = ['input', 'output', 'cacheWrite', 'cacheRead'] as const;
  const bands = price.longPrompt === undefined ? [price] : [price, price.longPrompt];
  for (const band of bands) {
    for (const name of named) {
      if (Number.isSafeInteger(band[name]) && band[name] >= 0) continue;
      throw new EntropyError({
        code: 'E101',
        message: `the price "${name}" of model "${model}" is ${String(band[name])}`,
        fix: 'give input, output, cacheWrite and cacheRead as whole micro-USD per million tokens: 5 USD is 5000000',
      });
    }
  }
}
