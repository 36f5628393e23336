import { describe, expect, it } from 'vitest';
import { issueClaimKey, type Lease } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import type { RunEnd } from '../../../src/domain/coordination/task-after-run.ts';
import { outcomes } from '../../../src/domain/outcome.ts';
import { beginRun } from '../../../src/flows/begin-run.ts';
import { endRun } from '../../../src/flows/end-run.ts';
import { openRun } from '../../../src/flows/open-run.ts';
import { redriveTask } from '../../../src/flows/redrive-task.ts';
import { reservationFor } from '../../../src/flows/reservation-for.ts';
import { issueKey, issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

const key = issueClaimKey('octo', 'slug', 1);
const amounts = { ...nothing, microUsd: 2_000_000, turns: 60 };
const agentOf = (name: string) => ({ id: `coder/${name}`, role: 'coder', version: '1', model: 'm' }) as const;

async function claim(books: LocalBooks, name: string): Promise<Lease> {
  const result = await books.claims.acquire({
    key,
    holder: { owner: `coder/${name}`, runId: name, kind: 'agent', reason: '' },
    leaseId: `lease-${name}`,
    ttlMs: 90_000,
    reserve: await reservationFor(books.budgets, { key, amounts, now: books.clock.now() }),
    holderIsDead: async () => false,
  });
  if (result.kind !== 'granted') throw new Error(`not granted: ${result.kind}`);
  return result.lease;
}

async function atWork(books: LocalBooks, name: string): Promise<Lease> {
  const lease = await claim(books, name);
  expect(await openRun(books, { runId: name, agent: agentOf(name), lease })).toMatchObject({ kind: 'opened' });
  expect(await beginRun(books, name, lease)).toMatchObject({ kind: 'begun', run: { state: 'running' } });
  return lease;
}

async function books(): Promise<LocalBooks> {
  const opened = await localBooks();
  await opened.tasks.mirror(issueOf(1), 'test');
  return opened;
}

const end = (outcome: RunEnd['outcome'], more: Partial<RunEnd> = {}): RunEnd => ({
  outcome,
  reason: `because ${outcome}`,
  spent: { ...nothing, microUsd: 250_000, turns: 7 },
  ...more,
});

describe('the life of a run', () => {
  it('goes from claimed over in progress to in review, and settles what was really spent', async () => {
    await using room = await books();
    const lease = await atWork(room, 'a');
    expect(await room.tasks.read(key)).toMatchObject({ state: 'in_progress', runId: 'a', stage: 'working' });
    const ended = await endRun(room, {
      runId: 'a',
      lease,
      end: end('succeeded', { branch: 'agent/1/f1-x', pullRequest: 2 }),
      actor: 'coder/a',
    });
    expect(ended).toMatchObject({ run: 'ended', task: { kind: 'moved' }, claim: 'released' });
    expect(await room.tasks.read(key)).toMatchObject({
      state: 'in_review',
      pullRequest: 2,
      branch: 'agent/1/f1-x',
      costMicroUsd: 250_000,
      attempts: 0,
    });
    expect(await room.runs.read('a')).toMatchObject({ state: 'succeeded', endedAt: room.clock.now(), pullRequest: 2 });
    expect(await room.budgets.read('issue/octo/slug/1')).toMatchObject({
      runs: 0,
      reserved: nothing,
      spent: { microUsd: 250_000, turns: 7 },
    });
  });

  it('is told the same however often opening, beginning and ending are repeated', async () => {
    await using room = await books();
    const lease = await atWork(room, 'a');
    expect(await beginRun(room, 'a', lease)).toMatchObject({ kind: 'begun' });
    const request = { runId: 'a', lease, end: end('failed'), actor: 'coder/a' };
    await endRun(room, request);
    const before = await room.tasks.read(key);
    expect(await endRun(room, request)).toMatchObject({ task: { kind: 'kept' }, claim: 'already-released' });
    expect(await room.tasks.read(key)).toEqual(before);
    expect(before).toMatchObject({ attempts: 1, costMicroUsd: 250_000 });
  });

  it('goes on where it stopped when it died between its record and its task', async () => {
    await using room = await books();
    const lease = await atWork(room, 'a');
    await room.runs.change('a', { to: 'succeeded', facts: { pullRequest: 5, reason: 'done' }, actor: 'coder/a' });
    await endRun(room, { runId: 'a', lease, end: end('failed'), actor: 'sweeper' });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'in_review', pullRequest: 5, attempts: 0 });
  });

  it('may fail before it said that it began', async () => {
    await using room = await books();
    const lease = await claim(room, 'a');
    await openRun(room, { runId: 'a', agent: agentOf('a'), lease });
    await endRun(room, { runId: 'a', lease, end: end('succeeded'), actor: 'coder/a' });
    expect(await room.runs.read('a')).toMatchObject({ state: 'succeeded' });
  });

  it('is tried again twice after a failure; then the task is given up with its reason, until a redrive', async () => {
    await using room = await books();
    for (const name of ['a', 'b', 'c']) {
      const lease = await atWork(room, name);
      await endRun(room, { runId: name, lease, end: end('failed'), actor: `coder/${name}` });
    }
    expect(await room.tasks.read(key)).toMatchObject({
      state: 'abandoned',
      attempts: 3,
      lastFailure: 'because failed',
      reason: expect.stringContaining('given up after 3 failed attempts'),
      ready: false,
    });
    expect(await redriveTask(room.tasks, { key, actor: 'github/bob' })).toMatchObject({ kind: 'redriven' });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'ready', attempts: 0, ready: true });
  });

  it.each(outcomes.filter((outcome) => outcome !== 'failed'))(
    'ended as %s is not handed out again by itself',
    async (outcome) => {
      await using room = await books();
      const lease = await atWork(room, 'a');
      await endRun(room, { runId: 'a', lease, end: end(outcome), actor: 'coder/a' });
      const task = await room.tasks.read(key);
      expect(task?.ready).toBe(false);
      expect(task?.reason).toBe(`because ${outcome}`);
    },
  );

  it('is refused to begin when somebody asked to stop it, and when its claim is lost', async () => {
    await using room = await books();
    const lease = await claim(room, 'a');
    await openRun(room, { runId: 'a', agent: agentOf('a'), lease });
    await room.runs.requestStop('a', { by: 'github/bob', reason: 'not now' });
    expect(await beginRun(room, 'a', lease)).toMatchObject({ kind: 'refused', why: 'stop-requested' });
    await room.claims.takeOver({
      key,
      holder: { owner: 'github/bob', runId: 'x', kind: 'human', reason: '' },
      leaseId: 'x',
      ttlMs: 1_000,
    });
    expect(await openRun(room, { runId: 'b', agent: agentOf('b'), lease })).toMatchObject({ why: 'stale' });
    expect(await endRun(room, { runId: 'a', lease, end: end('succeeded'), actor: 'coder/a' })).toMatchObject({
      run: 'ended',
      task: { kind: 'kept' },
      claim: 'not-mine',
    });
  });

  it('opens nothing for an issue that nobody knows', async () => {
    await using room = await localBooks();
    const lease = await claim(room, 'a');
    expect(await openRun(room, { runId: 'a', agent: agentOf('a'), lease })).toEqual({
      kind: 'refused',
      why: 'missing',
    });
    expect(await room.runs.read('a')).toBeUndefined();
    expect(issueKey(1)).toBe(key);
  });
});
