import { expect, it } from 'vitest';
import { promiseTime } from '../../../../src/adapters/github/promise-time.ts';

it('follows the clock forward and never falls behind what has passed', () => {
  let [now, monotonic] = [1_000_000, 5];
  const promising = promiseTime({ now: () => now, monotonic: () => monotonic, sleep: async () => {} });
  expect(promising()).toBe(1_000_000);
  [now, monotonic] = [1_010_000, 10_005];
  expect(promising()).toBe(1_010_000);
  [now, monotonic] = [now - 3_600_000, 15_005];
  expect(promising()).toBe(1_015_000);
  [now, monotonic] = [1_100_000, 20_005];
  expect(promising()).toBe(1_100_000);
});
