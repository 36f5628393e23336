import { describe, expect, test } from 'vitest';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { type Answer, claimOf, coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';

interface AtWork {
  readonly it: Scene;
  readonly token: string;
  beat(run: string, body: object, as?: string): Promise<Answer>;
}

/** Runs `a` and `b`, each with the claim of an issue of its own. */
async function atWork(): Promise<AtWork & AsyncDisposable> {
  const it = coordinatorScene();
  const token = await it.key('operator');
  for (const [issue, name] of [
    [1, 'a'],
    [2, 'b'],
  ] as const) {
    const claim = claimOf(issue, name);
    const { lease } = (await it.ask('POST', '/v1/claims/acquire', { token, body: claim })).body;
    const run = {
      schema: 1,
      id: name,
      task: claim.key,
      attempt: 1,
      agent: { id: `coder/${name}`, role: 'coder', version: '1', model: 'scripted' },
      state: 'queued',
      leaseId: lease.leaseId,
      fence: lease.fence,
      startedAt: it.clock.now(),
      heartbeatAt: it.clock.now(),
      progressAt: it.clock.now(),
      progress: { stage: 'claimed', share: 0 },
      spent: nothing,
    };
    await it.ask('POST', '/v1/runs', { token, body: { run } });
    await it.ask('POST', `/v1/runs/${name}/change`, { token, body: { to: 'running' } });
  }
  return {
    it,
    token,
    beat: (run, body, as = token) => it.ask('POST', `/v1/runs/${run}/heartbeat`, { token: as, body }),
    [Symbol.asyncDispose]: () => it[Symbol.asyncDispose](),
  };
}

const ttlMs = 90_000;

function leaseOf(issue: number, name: string) {
  return { key: claimOf(issue, name).key, leaseId: `lease-${name}`, fence: 1, expiresAt: 1 };
}

describe('a heartbeat of a run', () => {
  test('makes its lease longer and notes that it lives, but no progress when there was none', async () => {
    await using scene = await atWork();
    const { it, beat } = scene;
    const began = it.clock.now();
    it.clock.advance(30_000);
    const answer = await beat('a', { lease: leaseOf(1, 'a'), ttlMs });
    const expiresAt = began + 30_000 + ttlMs;
    expect(answer).toMatchObject({
      status: 200,
      body: { lease: { fence: 1, expiresAt }, run: { heartbeatAt: began + 30_000, progressAt: began } },
    });
    expect(await it.coordination.claims.read(leaseOf(1, 'a').key)).toMatchObject({ expiresAt, progressAt: began });
  });

  test('records how far it got and what it has spent, in its run and its claim', async () => {
    await using scene = await atWork();
    const { it, beat } = scene;
    it.clock.advance(10_000);
    const progress = { stage: 'runs tests', share: 0.5 };
    const spent = { ...nothing, microUsd: 250_000, turns: 7 };
    expect((await beat('a', { lease: leaseOf(1, 'a'), ttlMs, progress, spent })).status).toBe(200);
    const progressAt = it.clock.now();
    expect(await it.coordination.runs.read('a')).toMatchObject({ progress, spent, progressAt });
    expect(await it.coordination.claims.read(leaseOf(1, 'a').key)).toMatchObject({ progressAt });
    expect(await it.coordination.runs.read('b')).toMatchObject({ spent: nothing });
  });

  test('tells of a request to stop', async () => {
    await using scene = await atWork();
    const { it, token, beat } = scene;
    const before = await beat('a', { lease: leaseOf(1, 'a'), ttlMs });
    expect(before.body.run.stopRequested).toBeUndefined();
    await it.ask('POST', '/v1/runs/a/stop', { token, body: { reason: 'wrong issue', by: 'person/alice' } });
    const after = await beat('a', { lease: leaseOf(1, 'a'), ttlMs });
    expect(after).toMatchObject({
      status: 200,
      body: { run: { state: 'running', stopRequested: { reason: 'wrong issue', by: 'person/alice' } } },
    });
  });

  test('with a lease that is no longer the current one is refused, and nothing is noted', async () => {
    await using scene = await atWork();
    const { it, token, beat } = scene;
    const before = await it.coordination.runs.read('a');
    const { holder, ...claim } = claimOf(1, 'a');
    const person = { owner: 'person/alice', runId: 'by-hand', kind: 'human', reason: holder.reason };
    const taken = { ...claim, holder: person, leaseId: 'lease-alice' };
    expect((await it.ask('POST', '/v1/claims/take-over', { token, body: taken })).status).toBe(200);
    it.clock.advance(1_000);
    const refused = await beat('a', { lease: leaseOf(1, 'a'), ttlMs, spent: { ...nothing, turns: 1 } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'E701', refusal: { kind: 'stale' } } });
    const guessed = await beat('a', { lease: { ...leaseOf(1, 'a'), fence: 2 }, ttlMs });
    expect(guessed).toMatchObject({ status: 409, body: { refusal: { kind: 'stale' } } });
    expect(await it.coordination.runs.read('a')).toEqual(before);
    expect(await it.coordination.claims.read(claim.key)).toMatchObject({ fence: 2, leaseId: 'lease-alice' });
  });

  test('with the lease of another run is refused, and makes neither longer', async () => {
    await using scene = await atWork();
    const { it, beat } = scene;
    const claims = () => Promise.all([1, 2].map((issue) => it.coordination.claims.read(claimOf(issue, '').key)));
    const [before, runs] = [await claims(), await it.coordination.runs.read('a')];
    it.clock.advance(1_000);
    for (const lease of [leaseOf(2, 'b'), { ...leaseOf(1, 'a'), leaseId: 'lease-b' }]) {
      const refused = await beat('a', { lease, ttlMs });
      expect(refused).toMatchObject({ status: 409, body: { refusal: { kind: 'stale' } } });
    }
    expect(await claims()).toEqual(before);
    expect(await it.coordination.runs.read('a')).toEqual(runs);
  });

  test('of a run that is not there, or of another repository, finds nothing', async () => {
    await using scene = await atWork();
    const { it, beat } = scene;
    expect(await beat('c', { lease: leaseOf(1, 'a'), ttlMs })).toMatchObject({ status: 404 });
    const foreign = await it.key('operator', { repositories: ['acme/one'] });
    const own = { ...leaseOf(1, 'a'), key: 'github/acme/one/issues/1' };
    expect(await beat('a', { lease: own, ttlMs }, foreign)).toMatchObject({ status: 404 });
    expect(await beat('a', { lease: leaseOf(1, 'a'), ttlMs }, foreign)).toMatchObject({ status: 403 });
  });
});
