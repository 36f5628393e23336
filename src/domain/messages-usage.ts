import { noUsage, type TokenUsage } from './budget.ts';

/**
 * The `usage` object of the Messages API laid over what was known before. Figures in a stream are cumulative, and a
 * later event leaves out (or sets to null) what it does not know anew; the first one must tell input and output.
 * Undefined when it is not such an object: what cannot be read is never taken for free.
 */
export function mergeWireUsage(known: TokenUsage | undefined, wire: unknown): TokenUsage | undefined {
  if (typeof wire !== 'object' || wire === null) return undefined;
  const fields = wire as Readonly<Record<string, unknown>>;
  const before = known ?? { ...noUsage, inputTokens: Number.NaN, outputTokens: Number.NaN };
  const merged = {
    inputTokens: figure(fields['input_tokens'], before.inputTokens),
    outputTokens: figure(fields['output_tokens'], before.outputTokens),
    cacheReadTokens: figure(fields['cache_read_input_tokens'], before.cacheReadTokens),
    cacheWriteTokens: figure(fields['cache_creation_input_tokens'], before.cacheWriteTokens),
  };
  return Object.values(merged).some(Number.isNaN) ? undefined : merged;
}

function figure(value: unknown, known: number): number {
  if (value === undefined || value === null) return known;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN;
}
