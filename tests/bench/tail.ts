import { cpuMs } from '../fakes/cpu-time.ts';

export interface Tail {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly n: number;
}

/** Median, 99th percentile and maximum of some readings, rounded to three decimals. */
export function tail(readings: readonly number[]): Tail {
  const sorted = [...readings].sort((a, b) => a - b);
  const at = (share: number): number => {
    const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
    return Math.round((sorted[index] ?? Number.NaN) * 1_000) / 1_000;
  };
  return { p50: at(0.5), p99: at(0.99), max: at(1), n: sorted.length };
}

export interface Times {
  /** What whoever calls it waits, the disk included. */
  readonly wallMs: Tail;
  /** What it takes of the processor, however busy the machine is otherwise. */
  readonly cpuMs: Tail;
}

export interface Stopwatch {
  time(work: () => unknown): Promise<void>;
  times(): Times;
}

export function startStopwatch(): Stopwatch {
  const wall: number[] = [];
  const cpu: number[] = [];
  return {
    time: async (work) => {
      const [wallBefore, cpuBefore] = [performance.now(), cpuMs()];
      await work();
      wall.push(performance.now() - wallBefore);
      cpu.push(cpuMs() - cpuBefore);
    },
    times: () => ({ wallMs: tail(wall), cpuMs: tail(cpu) }),
  };
}
