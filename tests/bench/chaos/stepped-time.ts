import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';

/** Time that goes at its usual pace and now and then leaps ahead, so that nobody waits for pauses of minutes. */
export interface SteppedTime {
  readonly clock: Clock;
  /** How far it is ahead of the machine's. */
  readonly shiftMs: () => number;
  /** Everybody who follows is told before this resolves. */
  leap(ms: number): Promise<void>;
  follow(tell: (shiftMs: number) => void | Promise<void>): void;
}

export function createSteppedTime(): SteppedTime {
  const system = createSystemClock();
  const followers: ((shiftMs: number) => void | Promise<void>)[] = [];
  let shiftMs = 0;
  return {
    clock: { ...system, now: () => system.now() + shiftMs, monotonic: () => system.monotonic() + shiftMs },
    shiftMs: () => shiftMs,
    leap: async (ms) => {
      shiftMs += ms;
      for (const tell of followers) await tell(shiftMs);
    },
    follow: (tell) => void followers.push(tell),
  };
}
