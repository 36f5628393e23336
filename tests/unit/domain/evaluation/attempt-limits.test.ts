import { expect, test } from 'vitest';
import { attemptLimits } from '../../../../src/domain/evaluation/attempt-limits.ts';
import { defaultSettings } from '../../../../src/domain/settings.ts';

test('each limit of an attempt makes another set of limits', () => {
  const texts = [
    attemptLimits(defaultSettings, 2),
    attemptLimits(defaultSettings, 1.5),
    attemptLimits({ ...defaultSettings, maxTurns: 7 }, 2),
    attemptLimits({ ...defaultSettings, maxTokens: 7 }, 2),
    attemptLimits({ ...defaultSettings, maxMinutes: 7 }, 2),
    attemptLimits({ ...defaultSettings, requiredSandbox: 'bubblewrap' }, 2),
    attemptLimits({ ...defaultSettings, prices: { m: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 } } }, 2),
  ];
  expect(new Set(texts).size).toBe(texts.length);
  expect(attemptLimits({ ...defaultSettings }, 2)).toBe(texts[0]);
});
