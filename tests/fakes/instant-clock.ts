import type { Clock } from '../../src/ports/clock.ts';

export interface InstantClock extends Clock {
  /** Every wait that was asked for, in order. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
}

/** Time that passes only when somebody sleeps or a test says so; a sleep takes no real time. */
export function instantClock(startAt = 1_700_000_000_000): InstantClock {
  let elapsed = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    advance(ms) {
      elapsed += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      elapsed += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
