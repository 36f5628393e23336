import { join } from 'node:path';
import { openSqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { parseQuery } from '../../src/domain/query/parser.ts';
import { type NextBooks, nextTask } from '../../src/flows/next-task.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { issueOf } from '../fakes/local-books.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { type Figure, spread } from './figure.ts';

const limits = { p99Ms: 10 };
const repository = 'octo/slug';

/**
 * `next --claim` on SQLite with everything on the disk (WAL, FULL): query, readiness, claim, five budgets and the run, in a
 * store of 10,000 issues of which a third waits for others and a tenth is closed. One caller, who is answered before the
 * next one asks; then sixteen who ask at once.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const issues = quick ? 2_000 : 10_000;
  const calls = quick ? 200 : 1_000;
  using folder = tempFolder();
  const clock = createSystemClock();
  await using store = openSqliteCoordination({ path: join(folder.root, 'state.sqlite'), clock });
  await fill(store, issues, progress);
  await store.budgets.setCaps(`repository/${repository}`, { runs: 1_000_000 }, 'bench');
  await store.budgets.setCaps('organisation/octo', { runs: 1_000_000 }, 'bench');
  await store.budgets.setCaps(`repository/${repository}/day`, { microUsd: 10 ** 12 }, 'bench');
  await store.budgets.setCaps('organisation/octo/day', { microUsd: 10 ** 12 }, 'bench');

  const books: NextBooks = { ...store, clock, holderIsDead: async () => false };
  let asked = 0;
  const timed = async (search: string): Promise<number> => {
    asked += 1;
    const parsed = parseQuery(search);
    if (parsed.kind === 'error') throw new Error(`${search}: ${parsed.error.message}`);
    const runId = `run-${asked}`;
    const started = performance.now();
    const result = await nextTask(books, {
      query: parsed.query,
      context: { now: clock.now(), staleAfterMs: defaultStaleAfterMs },
      agent: { id: `coder/${runId}`, role: 'coder', version: '0', model: 'scripted' },
      runId,
      leaseId: `lease-${asked}`,
      ttlMs: 90_000,
      kind: 'agent',
      reason: 'bench',
      amounts: { ...nothing, microUsd: 2_000_000 },
    });
    const took = performance.now() - started;
    if (result.kind !== 'claimed') throw new Error(`call ${asked} was answered with ${result.kind}`);
    return took;
  };

  progress(`${calls} calls, one after the other`);
  const plain = await readings(calls / 2, () => timed(''));
  const searched = await readings(calls / 2, () => timed('label:bug -label:later comments:<90'));
  progress('16 at once');
  const atOnce: number[] = [];
  for (let round = 0; round < calls / 16; round += 1) {
    atOnce.push(...(await Promise.all(Array.from({ length: 16 }, () => timed('')))));
  }
  const one = p99(plain);
  const filtered = p99(searched);
  return {
    kind: 'measured',
    ok: one < limits.p99Ms && filtered < limits.p99Ms,
    figures: {
      issues,
      calls: asked,
      nextMs: { ...spread(plain), p99: one },
      nextWithSearchMs: { ...spread(searched), p99: filtered },
      nextOf16AtOnceMs: { ...spread(atOnce), p99: p99(atOnce) },
      measured:
        'nextTask over the SQLite store on the disk: search, acquire with five budgets, task and run, all synced',
    },
    limits,
  };
};

async function fill(store: Coordination, issues: number, progress: (line: string) => void): Promise<void> {
  progress(`${issues} issues`);
  const batch = 500;
  for (let from = 1; from <= issues; from += batch) {
    const numbers = Array.from({ length: Math.min(batch, issues - from + 1) }, (_, index) => from + index);
    await Promise.all(numbers.map((number) => store.tasks.mirror(sample(number), 'bench')));
    const waiting = numbers.filter((number) => number % 3 === 0 && number > 3);
    await Promise.all(
      waiting.map((number) => {
        const blocker = keyOf(number - 2);
        const edge = { kind: 'blocks', from: blocker, to: keyOf(number), source: 'person' } as const;
        return store.tasks.addDependency(edge, 'bench');
      }),
    );
  }
}

const keyOf = (number: number): string => taskKeyOf({ repository, kind: 'issue', number });

function sample(number: number) {
  const closed = number % 10 === 0;
  const labels = [number % 2 === 0 ? 'bug' : 'feature', `P${number % 5}`, ...(number % 7 === 0 ? ['later'] : [])];
  const body = `Steps of issue ${number}. `.repeat(20);
  const closing = closed ? ({ forgeState: 'closed', closedAt: 1 } as const) : {};
  return issueOf(number, { labels, body, comments: number % 100, ...closing });
}

async function readings(count: number, one: () => Promise<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) all.push(await one());
  return all;
}

function p99(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN) * 100) / 100;
}
