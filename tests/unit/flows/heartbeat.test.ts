import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSkewMs, type Lease } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import type { RunRecord } from '../../../src/domain/coordination/run-record.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { type KeptLease, withHeartbeat } from '../../../src/flows/heartbeat.ts';
import { type SimulatedClock, simulatedClock } from '../../fakes/simulated-clock.ts';

const ttlMs = 90_000;
const id = 'run-1';
const agent = { id: 'coder/run-1', role: 'coder', version: '1', model: 'scripted' } as const;

/** Lets everything that is ready run, then moves time on, in small steps. */
async function pass(clock: SimulatedClock, ms: number, step = 500): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await turn();
    clock.advance(Math.min(step, ms - passed));
    await turn();
  }
}

type Renewal = 'ok' | 'lost' | 'down' | 'hangs';

/** A store that grants, loses, fails or never answers, as told; it keeps the time at which the claim would run out. */
function store(clock: SimulatedClock, how: () => Renewal = () => 'ok', delayMs = () => 0) {
  const asked: { at: number; progress: boolean }[] = [];
  const told: unknown[] = [];
  let stopRequested: RunRecord['stopRequested'];
  const seen = { expiresAt: clock.now() + ttlMs };
  const run = (): RunRecord => ({
    schema: 1,
    id,
    task: 'github/octo/slug/issues/1',
    attempt: 1,
    agent,
    state: 'running',
    leaseId: 'l',
    fence: 1,
    startedAt: 0,
    heartbeatAt: 0,
    progressAt: 0,
    progress: { stage: 'working', share: 0 },
    spent: nothing,
    ...(stopRequested && { stopRequested }),
    version: 1,
  });
  return {
    asked,
    told,
    seen,
    requestStop: () => {
      stopRequested = { by: 'bob', at: clock.now(), reason: 'enough' };
    },
    claims: {
      renew: async (lease: Lease, ttl: number, progress = false): Promise<Lease | undefined> => {
        asked.push({ at: clock.monotonic(), progress });
        const kind = how();
        if (kind === 'down') throw new Error('ECONNREFUSED');
        if (kind === 'hangs') return new Promise(() => {});
        const wait = delayMs();
        if (wait > 0) await clock.sleep(wait);
        if (kind === 'lost') return undefined;
        // The store counts from when it was asked at last, which is later than when it was sent.
        seen.expiresAt = clock.now() + ttl;
        if (wait > 0) await clock.sleep(wait);
        return { ...lease, expiresAt: seen.expiresAt };
      },
    },
    runs: {
      change: async (_: string, change: unknown) => {
        told.push(change);
        return { kind: 'changed', run: run() } as const;
      },
    },
  };
}

function begin(clock: SimulatedClock, books: ReturnType<typeof store>, work: (kept: KeptLease) => Promise<unknown>) {
  const log: string[] = [];
  let steps = 0;
  const lease = { key: 'github/octo/slug/issues/1', leaseId: 'l', fence: 1, expiresAt: clock.now() + ttlMs };
  const done = withHeartbeat(
    { claims: books.claims, runs: books.runs, clock, log: (line) => log.push(line) },
    {
      lease,
      ttlMs,
      askedAt: clock.monotonic(),
      run: { id, actor: agent.id },
      report: () => ({ progress: { stage: 'working', share: 0.5 }, spent: { ...nothing, turns: steps }, steps }),
      signal: new AbortController().signal,
    },
    work,
  );
  return { done, log, step: () => (steps += 1) };
}

const untilStopped = ({ signal }: KeptLease): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }));

describe('a heartbeat', () => {
  it('renews at a third of the lease, and leaves nothing behind when the work is done', async () => {
    const clock = simulatedClock();
    const books = store(clock);
    let finish = (): void => {};
    const { done } = begin(clock, books, async (kept) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return kept.lease().expiresAt;
    });
    await pass(clock, 95_000);
    expect(books.asked.map(({ at }) => at)).toEqual([30_000, 60_000, 90_000]);
    finish();
    expect(await done).toBe(books.seen.expiresAt);
    await turn();
    expect(clock.sleepers()).toBe(0);
  });

  it('keeps a claim through a tool call of sixty minutes, which is life and no progress', async () => {
    const clock = simulatedClock();
    const books = store(clock);
    let stopped = false;
    let finish = (): void => {};
    const { done, step } = begin(clock, books, async ({ signal }) => {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await pass(clock, 3_600_000, 10_000);
    expect(stopped).toBe(false);
    expect(books.asked.length).toBeGreaterThanOrEqual(119);
    expect(books.asked.some(({ progress }) => progress)).toBe(false);
    step();
    await pass(clock, 30_000);
    expect(books.asked.at(-1)?.progress).toBe(true);
    expect(books.told.at(-1)).toMatchObject({ facts: { progressAt: expect.any(Number), spent: { turns: 1 } } });
    finish();
    await done;
  });

  it('stops the work when somebody asks for it, and keeps the claim while it saves what it has', async () => {
    const clock = simulatedClock();
    const books = store(clock);
    const { done } = begin(clock, books, async (kept) => {
      const reason = await untilStopped(kept);
      await clock.sleep(120_000);
      return reason;
    });
    await pass(clock, 10_000);
    books.requestStop();
    await pass(clock, 21_000);
    const before = books.asked.length;
    await pass(clock, 125_000);
    const reason = await done;
    expect(reason).toMatchObject({ code: 'E105', message: expect.stringContaining('asked to stop by bob: enough') });
    expect(books.asked.length - before).toBeGreaterThanOrEqual(3);
  });

  it('stops the work at once when the claim is somebody else’s', async () => {
    const clock = simulatedClock();
    const { done } = begin(
      clock,
      store(clock, () => 'lost'),
      untilStopped,
    );
    await pass(clock, 31_000);
    expect(await done).toMatchObject({ code: 'E701', message: expect.stringContaining('is lost') });
  });

  it('asks an unreachable store again and again, and goes on when it answers', async () => {
    const clock = simulatedClock();
    let down = true;
    const books = store(clock, () => (down ? 'down' : 'ok'));
    let finish = (): void => {};
    const { done, log } = begin(clock, books, async ({ signal }) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return signal.aborted;
    });
    await pass(clock, 70_000);
    expect(books.asked.length).toBeGreaterThan(4);
    expect(log[0]).toContain('ECONNREFUSED');
    down = false;
    await pass(clock, 300_000);
    finish();
    expect(await done).toBe(false);
  });

  it.each(['down', 'hangs'] as const)('stops before the lease is over when the store is %s', async (how) => {
    const clock = simulatedClock();
    const books = store(clock, () => how);
    let stoppedAt = 0;
    const { done } = begin(clock, books, async (kept) => {
      const reason = await untilStopped(kept);
      stoppedAt = clock.now();
      return reason;
    });
    await pass(clock, 100_000);
    const reason = await done;
    expect(reason).toBeInstanceOf(EntropyError);
    expect(reason).toMatchObject({ code: 'E701', message: expect.stringContaining('could not be renewed in time') });
    expect(stoppedAt).toBe(books.seen.expiresAt - clockSkewMs);
    await turn();
    expect(clock.sleepers()).toBe(0);
  });

  it('never works past the lease, however slow and unreliable the store is', async () => {
    const answer = fc.record({ how: fc.constantFrom<Renewal>('ok', 'ok', 'down', 'hangs'), delay: fc.nat(50_000) });
    const property = fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 12 }), async (answers) => {
      const clock = simulatedClock();
      let at = 0;
      const next = () => answers[Math.min(at++, answers.length - 1)];
      let now = next();
      const books = store(
        clock,
        () => {
          now = next();
          return now?.how ?? 'ok';
        },
        () => now?.delay ?? 0,
      );
      let working = true;
      const { done } = begin(clock, books, async (kept) => {
        await untilStopped(kept);
        working = false;
      });
      for (let step = 0; step < 100 && working; step += 1) {
        await pass(clock, 2_500, 2_500);
        if (working) expect(clock.now()).toBeLessThanOrEqual(books.seen.expiresAt - clockSkewMs + 2_500);
      }
      if (working) return;
      await done;
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
