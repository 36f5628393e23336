import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../src/ports/clock.ts';

/** A time that several processes of one machine agree on, and that runs faster than the machine's own. */
export interface SharedTime {
  /** Reading of the machine's monotonic clock, in nanoseconds, at which this time began. */
  readonly beganAt: string;
  /** What it showed then, milliseconds since 1970. */
  readonly showed: number;
  /** So many of its milliseconds pass in one of the machine's. */
  readonly speed: number;
}

export function newSharedTime(speed: number): SharedTime {
  return { beganAt: String(process.hrtime.bigint()), showed: Date.now(), speed };
}

/** The exact reading: what histories are told in. Comparable between processes, never goes back. */
export function readSharedTime({ beganAt, showed, speed }: SharedTime): number {
  return showed + (Number(process.hrtime.bigint() - BigInt(beganAt)) / 1e6) * speed;
}

/** What a store is given as its clock: whole milliseconds, and as wrong as clocks of different machines are. */
export function skewedClock(time: SharedTime, skewMs: number): Clock {
  const exact = () => readSharedTime(time);
  return {
    now: () => Math.floor(exact() + skewMs),
    monotonic: exact,
    sleep: async (ms, signal) => {
      await wait(ms / time.speed, undefined, signal === undefined ? {} : { signal });
    },
  };
}
