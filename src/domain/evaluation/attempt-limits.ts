import type { Settings } from '../settings.ts';

export type LimitingSettings = Pick<Settings, 'maxTurns' | 'maxTokens' | 'maxMinutes' | 'requiredSandbox' | 'prices'>;

/** What an attempt is allowed, in words: a rate is of attempts that were allowed the same. */
export function attemptLimits(settings: LimitingSettings, ceilingUsd: number): string {
  const { maxTurns, maxTokens, maxMinutes, requiredSandbox, prices } = settings;
  const own = Object.keys(prices).length === 0 ? [] : [`prices ${JSON.stringify(prices)}`];
  const amounts = [`${maxTurns} turns`, `${maxTokens} tokens`, `${maxMinutes} minutes`, `${ceilingUsd} USD`];
  return [...amounts, `sandbox ${requiredSandbox ?? 'any'}`, ...own].join(', ');
}
