import { readdirSync, readFileSync } from 'node:fs';

export interface MemorySeen {
  /** Largest sum at one moment of what each process has in memory; a page that two share counts twice. */
  readonly residentMb: number;
  /** The same with every shared page divided among those that share it: what the machine really gave. */
  readonly proportionalMb: number;
  /** The sum of each process's own high-water mark (VmHWM), even where those were at different moments. */
  readonly highWaterMb: number;
  readonly processes: number;
}

/** Looks at a process and all of its descendants again and again until it is stopped. */
export function watchMemory(
  pid: number,
  options: { readonly everyMs: number; readonly counts?: (command: string) => boolean },
): { stop(): MemorySeen } {
  const { everyMs, counts = () => true } = options;
  const highWater = new Map<number, number>();
  let resident = 0;
  let proportional = 0;
  const look = (): void => {
    let residentNow = 0;
    let proportionalNow = 0;
    for (const member of treeOf(pid)) {
      const command = readIfThere(`/proc/${member}/cmdline`).replaceAll('\0', ' ');
      if (!counts(command)) continue;
      const status = readIfThere(`/proc/${member}/status`);
      const rss = kilobytes(status, 'VmRSS');
      highWater.set(member, Math.max(highWater.get(member) ?? 0, kilobytes(status, 'VmHWM')));
      residentNow += rss;
      // Not every process lets its maps be read; its whole resident size is then the worst that it can be.
      proportionalNow += kilobytes(readIfThere(`/proc/${member}/smaps_rollup`), 'Pss') || rss;
    }
    resident = Math.max(resident, residentNow);
    proportional = Math.max(proportional, proportionalNow);
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      const sum = [...highWater.values()].reduce((total, size) => total + size, 0);
      return {
        residentMb: megabytes(resident),
        proportionalMb: megabytes(proportional),
        highWaterMb: megabytes(sum),
        processes: highWater.size,
      };
    },
  };
}

/** Those started by each of a process's threads, and so on. */
function treeOf(pid: number): readonly number[] {
  const threads = listIfThere(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) =>
    readIfThere(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(treeOf)];
}

function kilobytes(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

function megabytes(kilobytesUsed: number): number {
  return Math.round(kilobytesUsed / 102.4) / 10;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended between two looks.
    return '';
  }
}

function listIfThere(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It ended between two looks.
    return [];
  }
}
