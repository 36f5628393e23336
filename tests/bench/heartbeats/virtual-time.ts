import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../src/ports/clock.ts';
import { type SimulatedClock, simulatedClock } from '../../fakes/simulated-clock.ts';

/** Time that stands still while real work is under way, and then goes on to the next moment at which anything happens. */
export interface VirtualTime {
  readonly clock: SimulatedClock;
  /** Real work (a database, HTTP) that takes no simulated time. */
  work<Value>(call: () => Promise<Value>): Promise<Value>;
  pass(ms: number): Promise<void>;
}

export function virtualTime(): VirtualTime {
  const clock = simulatedClock();
  let busy = 0;
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      await turn();
      if (busy > 0) quiet = -1;
    }
  };
  return {
    clock,
    work: async (call) => {
      busy += 1;
      try {
        return await call();
      } finally {
        busy -= 1;
      }
    },
    pass: async (ms) => {
      const end = clock.monotonic() + ms;
      for (;;) {
        await settle();
        const left = end - clock.monotonic();
        if (left <= 0) return;
        clock.advance(Math.min(left, clock.untilNext() ?? left));
      }
    },
  };
}

export interface ClockJump {
  /** After so much time. */
  readonly atMs: number;
  readonly byMs: number;
}

/** A machine's own clock: it goes wrong by so much, and is set now and then. Its monotonic one is not. */
export function machineClock(time: SimulatedClock, skewMs: number, jumps: readonly ClockJump[] = []): Clock {
  const off = () => jumps.reduce((sum, { atMs, byMs }) => (time.monotonic() >= atMs ? sum + byMs : sum), skewMs);
  return { ...time, now: () => time.now() + off() };
}
