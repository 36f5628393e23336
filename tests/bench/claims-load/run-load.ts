import { join } from 'node:path';
import type { Draw } from '../../fakes/seeded-numbers.ts';
import type { StoreHost } from './hosted-store.ts';
import type { WorkerPlan } from './load-plan.ts';
import { readSharedTime, type SharedTime } from './shared-clock.ts';
import { startWorker, type WorkerEnd, type WorkerProcess } from './worker-process.ts';

export interface LoadOptions {
  readonly host: StoreHost;
  readonly time: SharedTime;
  /** How far the clock of each process may be off, to either side; 0 when the store goes by one clock of its own. */
  readonly skewMs: number;
  readonly attempts: number;
  /** What has not been asked for by then is left. */
  readonly atMostSeconds: number;
  readonly contenders: number;
  readonly processes: number;
  readonly keys: number;
  readonly ttlMs: number;
  readonly seed: number;
  readonly folder: string;
  /** Files that each process writes, so that they can be judged one after the other. */
  readonly shares: number;
  /** How often, spread over the attempts or the time, a random process is killed; it is started anew at once. */
  readonly kills: number;
  readonly draw: Draw;
  readonly progress: (line: string) => void;
}

export interface LoadEnd {
  /** How each process ended. */
  readonly ends: readonly WorkerEnd[];
  /** In the shared time: when the server of the store was killed. */
  readonly crashes: readonly number[];
}

/** All processes at work until all attempts are made, killed at random and started anew. */
export async function runLoad(options: LoadOptions): Promise<LoadEnd> {
  const { host, processes, contenders, attempts, draw, progress } = options;
  const ends: WorkerEnd[] = [];
  const crashes: number[] = [];
  const working = new Map<number, WorkerProcess>();
  const left = Array.from({ length: processes }, (_, slot) => share(attempts, processes, slot));
  let kills = 0;
  let crashing = Promise.resolve();
  const began = readSharedTime(options.time);
  // Finite, for it travels as JSON.
  const until = Math.min(began + options.atMostSeconds * 1_000 * options.time.speed, Number.MAX_SAFE_INTEGER);
  const overdue = () => readSharedTime(options.time) >= until;

  const killWhenDue = (): void => {
    const made = attempts - left.reduce((sum, of) => sum + of, 0);
    const inTime = (readSharedTime(options.time) - began) / (until - began);
    const gone = Math.max(made / attempts, inTime);
    if (kills >= options.kills || gone < (kills + 1) / (options.kills + 1)) return;
    kills += 1;
    const { crash } = host;
    if (crash !== undefined && kills % 3 === 0) {
      progress(`${made} attempts made; killed the server of the store`);
      crashing = crashing.then(() => {
        crashes.push(readSharedTime(options.time));
        return crash();
      });
      return;
    }
    // Every fourth time all of them at once, as when a machine loses its power.
    const victims = kills % 4 === 0 ? [...working.keys()] : [draw.one([...working.keys()])];
    for (const slot of victims) working.get(slot)?.kill();
    progress(`${made} attempts made; killed ${victims.length === 1 ? `process ${victims[0]}` : 'all processes'}`);
  };

  const keepAtWork = async (slot: number): Promise<void> => {
    for (let life = 1; (left[slot] ?? 0) > 0 && !overdue(); life += 1) {
      const plan = planOf(options, {
        slot,
        life,
        attempts: left[slot] ?? 0,
        until,
        contenders: share(contenders, processes, slot),
      });
      const worker = startWorker(plan, (ofWorker) => {
        left[slot] = ofWorker;
        killWhenDue();
      });
      working.set(slot, worker);
      const end = await worker.ended;
      working.delete(slot);
      ends.push(end);
      left[slot] = end.left;
    }
  };

  try {
    await Promise.all(left.map((_, slot) => keepAtWork(slot)));
    await crashing;
  } finally {
    for (const worker of working.values()) worker.kill();
  }
  return { ends, crashes };
}

function planOf(
  { host, time, skewMs, seed, keys, ttlMs, folder, shares, draw }: LoadOptions,
  of: { readonly slot: number; readonly life: number } & Pick<WorkerPlan, 'attempts' | 'until' | 'contenders'>,
): WorkerPlan {
  const { slot, life, ...rest } = of;
  const logs = Array.from({ length: shares }, (_, index) =>
    join(folder, `process-${slot}-${life}-share-${index}.jsonl`),
  );
  return {
    name: `w${slot}.${life}`,
    place: host.place,
    time,
    skewMs: skewMs === 0 ? 0 : draw.below(2 * skewMs + 1) - skewMs,
    seed: seed + slot * 1_000 + life,
    ...rest,
    keys,
    ttlMs,
    logs,
  };
}

function share(of: number, among: number, slot: number): number {
  return Math.floor(of / among) + (slot < of % among ? 1 : 0);
}
