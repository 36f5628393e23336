import { expect, test } from 'vitest';
import { RateLimits } from '../../../../src/embedded/github/http/rate-limits.ts';

test('a window opens with the first request, closes an hour later, and counts only what was allowed', () => {
  let now = 1_000_000;
  const limits = new RateLimits(() => now, true);
  expect(limits.state('a', 2)).toMatchObject({ used: 0, remaining: 2 });
  expect(limits.count('a', 2)).toMatchObject({ allowed: true, state: { used: 1, remaining: 1, reset: 4600 } });
  now += 3_599_000;
  expect(limits.count('a', 2)).toMatchObject({ allowed: true, state: { used: 2, remaining: 0, reset: 4600 } });
  expect(limits.count('a', 2)).toMatchObject({ allowed: false, state: { used: 2 } });
  expect(limits.count('b', 2)).toMatchObject({ allowed: true });
  now += 1_000;
  expect(limits.count('a', 2)).toMatchObject({ allowed: true, state: { used: 1, reset: 8200 } });
});

test('requests are counted and never refused where limits are off', () => {
  const limits = new RateLimits(() => 0, false);
  for (let request = 1; request <= 5; request += 1) {
    expect(limits.count('a', 2)).toMatchObject({ allowed: true, state: { used: request } });
  }
  expect(limits.state('a', 2).remaining).toBe(0);
});
