import { setImmediate as turn } from 'node:timers/promises';
import type { AgentIdentity } from '../../src/domain/agent-identity.ts';
import type { Lease } from '../../src/domain/claim.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { RunRecord } from '../../src/domain/coordination/run-record.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import type { MirroredIssue } from '../../src/domain/coordination/task-record.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { everything } from '../../src/domain/query/syntax.ts';
import { beginRun } from '../../src/flows/begin-run.ts';
import { endRun } from '../../src/flows/end-run.ts';
import { heartbeatTtlMs, withHeartbeat } from '../../src/flows/heartbeat.ts';
import { nextTask } from '../../src/flows/next-task.ts';
import { redriveTask } from '../../src/flows/redrive-task.ts';
import { sweepClaims } from '../../src/flows/sweep-claims.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { type Draw, drawFrom } from '../fakes/seeded-numbers.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';

export interface FleetOptions {
  readonly books: Coordination;
  readonly clock: SimulatedClock;
  readonly agents: number;
  readonly issues: readonly MirroredIssue[];
  readonly seed: number;
  /** Share of the runs that are killed while they work. */
  readonly killed: number;
  /** Each agent's clock is wrong by up to this much, milliseconds. */
  readonly skewMs: number;
  readonly progress: (line: string) => void;
}

export interface FleetSample {
  /** Simulated minutes since the start. */
  readonly minute: number;
  readonly done: number;
  readonly atWork: number;
  readonly killed: number;
}

export interface FleetResult {
  readonly runs: number;
  readonly kills: number;
  /** Killed agents that woke up after their issue was somebody else's, and tried to end their run. */
  readonly zombies: number;
  readonly zombiesThatCounted: number;
  readonly swept: number;
  readonly redriven: number;
  readonly simulatedMinutes: number;
  /** How often each issue was done, by key. */
  readonly done: ReadonlyMap<string, number>;
  readonly samples: readonly FleetSample[];
}

const stepMs = 1_000;
const staleWakeMs = 5 * 60_000;

/** Agents that ask for the next issue, work on it under a heartbeat and end their run, until nothing is left. */
export async function runFleet(options: FleetOptions): Promise<FleetResult> {
  const { clock, agents, issues, progress } = options;
  const draw = drawFrom(options.seed);
  const world: World = {
    ...options,
    draw,
    ids: 0,
    tally: { runs: 0, kills: 0, zombies: 0, zombiesThatCounted: 0, swept: 0, redriven: 0, atWork: 0 },
    done: new Map(),
    over: new AbortController(),
    byKey: new Map(issues.map((issue) => [taskKeyOf(issue), issue])),
  };
  const samples: FleetSample[] = [];
  const startedAt = clock.now();
  const working = [sweeping(world), ...Array.from({ length: agents }, (_, index) => living(world, index))];
  let failed: unknown;
  for (const life of working) {
    life.catch((error: unknown) => {
      failed ??= error;
      world.over.abort();
    });
  }
  for (let second = 0; !world.over.signal.aborted; second += 1) {
    // Everything that is ready runs, and the store commits, before time moves on.
    for (let quiet = 0; quiet < 6; quiet += 1) await turn();
    clock.advance(stepMs);
    if (second % 60 !== 0) continue;
    const { atWork, kills } = world.tally;
    const minute = Math.round((clock.now() - startedAt) / 60_000);
    samples.push({ minute, done: world.done.size, atWork, killed: kills });
    if (second % 600 === 0)
      progress(`minute ${minute}: ${world.done.size} of ${issues.length} done, ${atWork} at work`);
    if (world.done.size === issues.length && atWork === 0) world.over.abort();
    if (minute > 60 * 24 * 7) throw new Error('the fleet does not come to an end');
  }
  clock.advance(60 * 60_000);
  await Promise.allSettled(working);
  if (failed !== undefined) throw failed;
  const { atWork: _atWork, ...tally } = world.tally;
  return { ...tally, simulatedMinutes: Math.round((clock.now() - startedAt) / 60_000) - 60, done: world.done, samples };
}

interface World extends FleetOptions {
  readonly draw: Draw;
  ids: number;
  readonly tally: {
    runs: number;
    kills: number;
    zombies: number;
    zombiesThatCounted: number;
    swept: number;
    redriven: number;
    atWork: number;
  };
  readonly done: Map<string, number>;
  readonly over: AbortController;
  readonly byKey: ReadonlyMap<string, MirroredIssue>;
}

/** The world's clock as one agent reads it: wrong by a constant, except for how long things take. */
function skewed(clock: Clock, ms: number): Clock {
  return { ...clock, now: () => clock.now() + ms };
}

function newId(world: World, what: string): string {
  world.ids += 1;
  return `${what}-${world.ids}`;
}

async function pause(world: World, ms: number): Promise<void> {
  await world.clock.sleep(ms, world.over.signal).catch(() => undefined);
}

/** One seat of the fleet: when its agent is killed, a new one sits down. */
async function living(world: World, seat: number): Promise<void> {
  const { books, draw } = world;
  const clock = skewed(world.clock, draw.below(2 * world.skewMs + 1) - world.skewMs);
  await pause(world, draw.below(60_000));
  while (!world.over.signal.aborted) {
    const runId = newId(world, 'run');
    const agent: AgentIdentity = { id: `coder/${runId}`, role: 'coder', version: '1', model: 'scripted' };
    const askedAt = clock.monotonic();
    const next = await nextTask(
      { ...books, clock, holderIsDead: async () => false },
      {
        query: everything,
        context: { now: clock.now(), staleAfterMs: defaultStaleAfterMs },
        agent,
        runId,
        leaseId: newId(world, 'lease'),
        ttlMs: heartbeatTtlMs,
        kind: 'agent',
        reason: `seat ${seat}`,
        amounts: nothing,
      },
    );
    if (next.kind !== 'claimed') {
      await pause(world, 10_000 + draw.below(20_000));
      continue;
    }
    world.tally.runs += 1;
    world.tally.atWork += 1;
    await work(world, { clock, agent, lease: next.lease, run: next.run, askedAt }).finally(() => {
      world.tally.atWork -= 1;
    });
  }
}

interface Work {
  readonly clock: Clock;
  readonly agent: AgentIdentity;
  readonly lease: Lease;
  readonly run: RunRecord;
  readonly askedAt: number;
}

async function work(world: World, { clock, agent, lease, run, askedAt }: Work): Promise<void> {
  const { books, draw } = world;
  const begun = await beginRun({ ...books, clock }, run.id, lease);
  if (begun.kind !== 'begun') throw new Error(`run ${run.id} could not begin: ${begun.why}`);
  const minutes = 1 + draw.below(8);
  const killedAfter = draw.chance(world.killed) ? draw.below(minutes * 60_000) : undefined;
  const killed = new AbortController();
  let steps = 0;
  // Whoever is killed beats no more: its store does not answer it.
  const claims = {
    renew: (...args: Parameters<typeof books.claims.renew>) =>
      killed.signal.aborted ? new Promise<never>(() => {}) : books.claims.renew(...args),
  };
  const heart = { claims, runs: books.runs, clock, log: () => undefined };
  const request = {
    lease,
    ttlMs: heartbeatTtlMs,
    askedAt,
    run: { id: run.id, actor: agent.id },
    report: () => ({ progress: { stage: 'working', share: 0.5 }, spent: nothing, steps }),
    signal: world.over.signal,
  };
  if (killedAfter === undefined) {
    const current = await withHeartbeat(heart, request, async (kept) => {
      for (let left = minutes; left > 0; left -= 1) {
        await pause(world, 60_000);
        steps += 1;
        kept.signal.throwIfAborted();
      }
      return kept.lease();
    });
    await finish(world, run, current, agent.id);
    return;
  }
  world.tally.kills += 1;
  const beating = withHeartbeat(heart, request, () => new Promise<void>(() => {}));
  beating.catch(() => undefined);
  await pause(world, killedAfter);
  killed.abort();
  if (!draw.chance(0.3)) return;
  // Not dead, only paused for long: its issue is somebody else's by now, and it goes on as if nothing had happened.
  void (async () => {
    await pause(world, staleWakeMs + draw.below(staleWakeMs));
    if (world.over.signal.aborted) return;
    world.tally.zombies += 1;
    const before = world.done.get(lease.key) ?? 0;
    await finish(world, run, lease, agent.id);
    if ((world.done.get(lease.key) ?? 0) > before) world.tally.zombiesThatCounted += 1;
  })();
}

/** The run ends; its issue is closed, as a merged pull request closes it, when the books took the end. */
async function finish(world: World, run: RunRecord, lease: Lease, actor: string): Promise<void> {
  const { books, clock, byKey, done } = world;
  const end = { outcome: 'succeeded', reason: 'done', spent: nothing } as const;
  const ended = await endRun({ ...books, clock }, { runId: run.id, lease, end, actor });
  if (ended.task.kind !== 'moved') return;
  done.set(lease.key, (done.get(lease.key) ?? 0) + 1);
  const issue = byKey.get(lease.key);
  if (issue === undefined) throw new Error(`${lease.key} is no issue of this fleet`);
  const now = clock.now();
  await books.tasks.mirror({ ...issue, forgeState: 'closed', updatedAt: now, closedAt: now }, 'github/merger');
}

/** What the coordinator does every minute; a person redrives what was given up. */
async function sweeping(world: World): Promise<void> {
  const { books, clock, tally } = world;
  while (!world.over.signal.aborted) {
    await pause(world, 60_000);
    const sweep = { ...books, clock, holderIsDead: async () => false, newId: () => newId(world, 'sweep') };
    const { freed } = await sweepClaims(sweep, { staleAfterMs: defaultStaleAfterMs });
    tally.swept += freed.length;
    for (const { claim, task } of freed) {
      if (task !== 'abandoned') continue;
      tally.redriven += 1;
      await redriveTask(books.tasks, { key: claim.key, actor: 'github/alice' });
    }
  }
}
