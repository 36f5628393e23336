import type { Clock } from '../../src/ports/clock.ts';

export interface SimulatedClock extends Clock {
  /** Moves time on and wakes, in order, whoever's sleep has ended by then. */
  advance(ms: number): void;
  /** How many sleeps are waiting. */
  sleepers(): number;
  /** Milliseconds until the first of them ends; undefined: nobody sleeps. */
  untilNext(): number | undefined;
}

interface Sleeper {
  readonly wakesAt: number;
  wake(): void;
}

/** A clock that stands still until a test moves it. */
export function simulatedClock(startMs = Date.UTC(2026, 10, 2, 12, 0, 0)): SimulatedClock {
  let elapsed = 0;
  const waiting = new Set<Sleeper>();

  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    sleepers: () => waiting.size,
    untilNext: () =>
      waiting.size === 0 ? undefined : Math.max(0, Math.min(...[...waiting].map(({ wakesAt }) => wakesAt)) - elapsed),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const leave = (): void => {
          waiting.delete(sleeper);
          signal?.removeEventListener('abort', stop);
        };
        const sleeper: Sleeper = {
          wakesAt: elapsed + ms,
          wake: () => {
            leave();
            resolve();
          },
        };
        const stop = (): void => {
          leave();
          reject(signal?.reason);
        };
        waiting.add(sleeper);
        signal?.addEventListener('abort', stop, { once: true });
      }),
    advance: (ms) => {
      elapsed += ms;
      const due = [...waiting].filter((sleeper) => sleeper.wakesAt <= elapsed);
      for (const sleeper of due.sort((a, b) => a.wakesAt - b.wakesAt)) sleeper.wake();
    },
  };
}
