import { describe, expect, it } from 'vitest';
import { clockSkewMs, issueClaimKey, type Lease } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { utcDay } from '../../../src/domain/coordination/budget-draws.ts';
import { beginRun } from '../../../src/flows/begin-run.ts';
import { endRun } from '../../../src/flows/end-run.ts';
import { openRun } from '../../../src/flows/open-run.ts';
import { reservationFor } from '../../../src/flows/reservation-for.ts';
import { sweepClaims } from '../../../src/flows/sweep-claims.ts';
import { takeOverClaim } from '../../../src/flows/take-over-claim.ts';
import { issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

const ttlMs = 90_000;
const key = issueClaimKey('octo', 'slug', 1);
const request = { staleAfterMs: 30 * 60_000 };

async function atWork(books: LocalBooks, name: string, more: { run?: number; ttl?: number } = {}): Promise<Lease> {
  await books.tasks.mirror(issueOf(1), 'test');
  const agent = { id: `coder/${name}`, role: 'coder', version: '1', model: 'm' } as const;
  const workflowRun = more.run === undefined ? undefined : { id: more.run, attempt: 1, url: 'https://x' };
  const amounts = { ...nothing, microUsd: 2_000_000 };
  const result = await books.claims.acquire({
    key,
    holder: { owner: agent.id, runId: name, kind: 'agent', reason: '', ...(workflowRun && { workflowRun }) },
    leaseId: `lease-${name}`,
    ttlMs: more.ttl ?? ttlMs,
    reserve: await reservationFor(books.budgets, { key, amounts, now: books.clock.now() }),
    holderIsDead: async () => false,
  });
  if (result.kind !== 'granted') throw new Error(`not granted: ${result.kind}`);
  await openRun(books, { runId: name, agent, lease: result.lease });
  await beginRun(books, name, result.lease);
  return result.lease;
}

describe('the sweeper', () => {
  it('frees the issue of an agent that died, books its whole ceiling, and hands the task back', async () => {
    await using books = await localBooks();
    const lease = await atWork(books, 'a');
    books.clock.advance(ttlMs + clockSkewMs);
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [], looked: 1 });
    books.clock.advance(1);
    const report = await sweepClaims(books, request);
    expect(report).toMatchObject({
      freed: [{ why: 'lease-ran-out', task: 'ready', claim: { holder: { runId: 'a' } } }],
    });
    expect(await books.claims.read(key)).toMatchObject({ state: 'free', fence: 2 });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'ready', ready: true, attempts: 1 });
    expect(await books.runs.read('a')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('lease ran out'),
    });
    expect(await books.budgets.read('issue/octo/slug/1')).toMatchObject({ runs: 0, spent: { microUsd: 2_000_000 } });
    expect(await books.claims.renew(lease, ttlMs)).toBeUndefined();
    expect(await sweepClaims(books, request)).toEqual({ freed: [], stale: [], looked: 0 });
  });

  it('says of run and task what the budgets say: a killed run that never told a figure cost all that it had reserved', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    books.clock.advance(ttlMs + clockSkewMs + 1);
    await sweepClaims(books, request);
    expect(await books.runs.read('a')).toMatchObject({ spent: { microUsd: 2_000_000 } });
    expect(await books.tasks.read(key)).toMatchObject({ costMicroUsd: 2_000_000 });
    await sweepClaims(books, request);
    const booked = { reserved: { microUsd: 0 }, spent: { microUsd: 2_000_000 } };
    for (const budget of ['issue/octo/slug/1', `repository/octo/slug/day/${utcDay(books.clock.now())}`]) {
      expect(await books.budgets.read(budget)).toMatchObject(booked);
    }
    const settled = (await books.activity.read({ limit: 100 })).filter(
      ({ change }) => change.type === 'budget.settled',
    );
    expect(settled).toHaveLength(1);
  });

  it('books what a run says that it used, when only its last word to free the claim was lost', async () => {
    await using books = await localBooks();
    const lease = await atWork(books, 'a', { run: 7 });
    const spent = { ...nothing, microUsd: 700_000 };
    const deaf = { ...books.claims, release: () => Promise.reject(new Error('the answer was lost')) };
    const end = { outcome: 'failed', reason: 'its tests fail', spent } as const;
    await expect(endRun({ ...books, claims: deaf }, { runId: 'a', lease, end, actor: 'coder/a' })).rejects.toThrow();
    const report = await sweepClaims({ ...books, holderIsDead: async () => true }, request);
    expect(report).toMatchObject({ freed: [{ why: 'run-ended', task: 'ready' }] });
    expect(await books.claims.read(key)).toMatchObject({ state: 'free', fence: 1 });
    expect(await books.runs.read('a')).toMatchObject({ state: 'failed', reason: 'its tests fail', spent });
    expect(await books.budgets.read('issue/octo/slug/1')).toMatchObject({ runs: 0, spent: { microUsd: 700_000 } });
  });

  it('moves the task of a run that died between its own end and that of its task, as the run said', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    const spent = { ...nothing, microUsd: 700_000 };
    await books.runs.change('a', {
      to: 'succeeded',
      facts: { spent, reason: 'done', pullRequest: 9 },
      actor: 'coder/a',
    });
    books.clock.advance(ttlMs + clockSkewMs + 1);
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [{ task: 'in_review' }] });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'in_review', pullRequest: 9, costMicroUsd: 700_000 });
    expect(await books.budgets.read('issue/octo/slug/1')).toMatchObject({ runs: 0, spent: { microUsd: 700_000 } });
  });

  it('believes the last figure that a killed run told', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    await books.runs.change('a', { facts: { spent: { ...nothing, microUsd: 700_000 } }, actor: 'coder/a' });
    books.clock.advance(ttlMs + clockSkewMs + 1);
    await sweepClaims(books, request);
    expect(await books.runs.read('a')).toMatchObject({ spent: { microUsd: 700_000 } });
    expect(await books.tasks.read(key)).toMatchObject({ costMicroUsd: 700_000 });
  });

  it('frees an issue as soon as GitHub reports its run as over, whatever its lease says', async () => {
    await using books = await localBooks();
    await atWork(books, 'a', { run: 7, ttl: 3_600_000 });
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [] });
    books.ended.add(7);
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [{ why: 'run-ended', task: 'ready' }] });
    expect(await books.runs.read('a')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('workflow run'),
    });
  });

  it('leaves a holder alone that renewed in the last moment', async () => {
    await using books = await localBooks();
    const lease = await atWork(books, 'a');
    books.clock.advance(ttlMs + clockSkewMs + 1);
    const list: LocalBooks['claims']['list'] = async function* (filter) {
      for await (const claim of books.claims.list(filter)) {
        await books.claims.renew(lease, ttlMs);
        yield claim;
      }
    };
    const racing = { ...books, claims: { ...books.claims, list } };
    expect(await sweepClaims(racing, request)).toMatchObject({ freed: [] });
    expect(await books.claims.read(key)).toMatchObject({ state: 'held', fence: 1, holder: { runId: 'a' } });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'in_progress', attempts: 0 });
  });

  it('leaves alone whoever took the issue after a dead run', async () => {
    await using books = await localBooks();
    await atWork(books, 'a', { run: 7, ttl: 3_600_000 });
    books.ended.add(7);
    const holderIsDead: LocalBooks['holderIsDead'] = async (record) => {
      const dead = await books.holderIsDead(record);
      await takeOverClaim(books, { key, actor: 'github/bob', reason: 'mine' });
      return dead;
    };
    expect(await sweepClaims({ ...books, holderIsDead }, request)).toMatchObject({ freed: [] });
    expect(await books.claims.read(key)).toMatchObject({ state: 'held', holder: { owner: 'github/bob' } });
  });

  it('works twice at once without harm: one of two sweepers frees each claim, once', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    books.clock.advance(ttlMs + clockSkewMs + 1);
    const reports = await Promise.all([sweepClaims(books, request), sweepClaims(books, request)]);
    expect(reports.flatMap(({ freed }) => freed)).toHaveLength(1);
    expect(await books.tasks.read(key)).toMatchObject({ state: 'ready', attempts: 1 });
  });

  it('finishes what a sweeper began that died itself', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    books.clock.advance(ttlMs + clockSkewMs + 1);
    const dies = { ...books, tasks: { ...books.tasks, read: async () => Promise.reject(new Error('killed')) } };
    await expect(sweepClaims(dies, request)).rejects.toThrow('killed');
    expect(await books.claims.read(key)).toMatchObject({ state: 'held', holder: { owner: 'sweeper' } });
    books.clock.advance(60_000 + clockSkewMs + 1);
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [{ task: 'ready' }] });
    expect(await books.runs.read('a')).toMatchObject({ state: 'failed' });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'ready', attempts: 1 });
  });

  it('tells of a living run without progress, and does not take its issue', async () => {
    await using books = await localBooks();
    let lease = await atWork(books, 'a');
    for (let minute = 0; minute < 31; minute += 1) {
      books.clock.advance(60_000);
      lease = (await books.claims.renew(lease, ttlMs, false)) ?? lease;
    }
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [], stale: [{ holder: { runId: 'a' } }] });
    expect(await books.claims.read(key)).toMatchObject({ state: 'held', fence: 1 });
  });

  it('never touches what a person holds, and with a dry run touches nothing', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    books.clock.advance(ttlMs + clockSkewMs + 1);
    expect(await sweepClaims(books, { ...request, dryRun: true })).toMatchObject({ freed: [{ why: 'lease-ran-out' }] });
    expect(await books.claims.read(key)).toMatchObject({ state: 'held', fence: 1 });
    await takeOverClaim(books, { key, actor: 'github/bob', reason: 'mine' });
    books.clock.advance(1_000_000_000);
    expect(await sweepClaims(books, request)).toMatchObject({ freed: [], looked: 0 });
  });
});

describe('a takeover', () => {
  it('ends the run that held the issue, and leaves the task ready for when the person gives it back', async () => {
    await using books = await localBooks();
    const lease = await atWork(books, 'a');
    const result = await takeOverClaim(books, { key, actor: 'github/bob', reason: 'I do it myself', expectedFence: 1 });
    expect(result).toMatchObject({ kind: 'granted', lease: { fence: 2 }, takenFrom: { holder: { runId: 'a' } } });
    expect(await books.runs.read('a')).toMatchObject({
      state: 'cancelled',
      reason: 'taken over by github/bob: I do it myself',
    });
    expect(await books.tasks.read(key)).toMatchObject({ state: 'ready', ready: false });
    expect(await books.claims.beginEffect(lease, 'push')).toMatchObject({ kind: 'stale' });
  });

  it('is refused when the claim has moved on since the person looked', async () => {
    await using books = await localBooks();
    await atWork(books, 'a');
    const refused = await takeOverClaim(books, { key, actor: 'github/bob', reason: '', expectedFence: 9 });
    expect(refused).toMatchObject({ kind: 'refused', record: { fence: 1 } });
    expect(await books.runs.read('a')).toMatchObject({ state: 'running' });
  });
});
