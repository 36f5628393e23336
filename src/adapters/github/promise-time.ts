import type { Clock } from '../../ports/clock.ts';

/**
 * The time that our own leases count from. Every client reads its own clock; one that is set back in the middle of a run would
 * renew a lease to a moment that others see as long over, while its holder counts on it. So it never falls behind what
 * has passed since by the monotonic clock.
 */
export function promiseTime(clock: Clock): () => number {
  const difference = clock.now() - clock.monotonic();
  return () => Math.max(clock.now(), Math.round(difference + clock.monotonic()));
}
