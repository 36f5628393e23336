import type { Clock } from '../../ports/clock.ts';

export interface WritePacer {
  /** Resolves when another write may be sent. */
  take(signal: AbortSignal): Promise<void>;
}

/**
 * GitHub asks for a second between writes of those who make many, and limits content creation to 80 a minute. A run
 * makes about ten: they go at once; whoever makes more than `burst` slows down to one a second. (A token bucket.)
 */
export function createWritePacer(clock: Clock, burst = 20, everyMs = 1_000): WritePacer {
  let freeAt = clock.monotonic() - burst * everyMs;
  return {
    take: async (signal) => {
      signal.throwIfAborted();
      const now = clock.monotonic();
      freeAt = Math.max(freeAt + everyMs, now - (burst - 1) * everyMs);
      const wait = freeAt - now;
      if (wait > 0) await clock.sleep(wait, signal);
    },
  };
}
