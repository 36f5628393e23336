import { describe, expect, test } from 'vitest';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { utcDay } from '../../../src/domain/coordination/budget-draws.ts';
import { sampleRun } from '../../fakes/coordination-samples.ts';
import { claimOf, coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';

const own = { repositories: ['octo/slug'] };
const reserve = { draws: [], amounts: { microUsd: 2_000_000, tokens: 10, turns: 1, minutes: 1, githubPoints: 1 } };

async function spendAndRelease(it: Scene, token: string, issue: number, spent: object) {
  const body = { ...claimOf(issue, `run-${issue}`), reserve };
  const acquired = await it.ask('POST', '/v1/claims/acquire', { token, body });
  expect(acquired.status).toBe(200);
  return it.ask('POST', '/v1/claims/release', { token, body: { lease: acquired.body.lease, spent } });
}

function booked(it: Scene, scope: string) {
  return it.coordination.budgets.read(`${scope}/${utcDay(it.clock.now())}`);
}

describe('a caller who is limited to a repository', () => {
  test('cannot use up the organisation by claiming to have spent what no run may spend', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator', own);
    const spent = { ...nothing, microUsd: 1_000_000_000_000, tokens: 1_000_000_000_000 };
    expect((await spendAndRelease(it, token, 1, spent)).status).toBe(200);
    const book = await booked(it, 'organisation/octo/day');
    expect(book?.spent.microUsd).toBe(4_000_000);
    const other = await it.key('operator', { repositories: ['octo/other'] });
    const next = { ...claimOf(1, 'run-b', 'octo/other'), reserve };
    expect((await it.ask('POST', '/v1/claims/acquire', { token: other, body: next })).status).toBe(200);
  });

  test('that went a step beyond its reservation is believed', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator', own);
    await spendAndRelease(it, token, 1, { ...nothing, microUsd: 2_100_000, githubPoints: 3 });
    expect((await booked(it, 'organisation/octo/day'))?.spent).toMatchObject({ microUsd: 2_100_000, githubPoints: 3 });
  });

  test('opens one run for each claim that it holds, and none without', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator', own);
    const open = async (id: string, leaseId: string, as = token) =>
      (await it.ask('POST', '/v1/runs', { token: as, body: { run: sampleRun(id, { leaseId }) } })).status;
    expect(await open('run-1', 'lease-run-1')).toBe(409);
    expect(await open('run-1', 'lease-run-1', await it.key('operator'))).toBe(200);
    expect((await it.ask('POST', '/v1/claims/acquire', { token, body: claimOf(1, 'run-2') })).status).toBe(200);
    expect([await open('run-2', 'lease-other'), await open('run-2', 'lease-run-2')]).toEqual([409, 200]);
    // Again, after a lost answer; and another one under the same claim.
    expect([await open('run-2', 'lease-run-2'), await open('run-3', 'lease-run-2')]).toEqual([200, 409]);
    expect(await it.coordination.runs.read('run-3')).toBeUndefined();
  });

  test('holds so many locks of its own names at once, and as many as an operator says', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator', own);
    await it.coordination.budgets.setCaps('repository/octo/slug/locks', { runs: 2 }, 'key/admin');
    const lock = (name: string) => ({ ...claimOf(1, name), key: `github/octo/slug/locks/${name}` });
    const acquire = (name: string) => it.ask('POST', '/v1/claims/acquire', { token, body: lock(name) });
    const first = await acquire('a');
    expect([first.status, (await acquire('b')).status]).toEqual([200, 200]);
    const refused = await acquire('c');
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'E730', refusal: { kind: 'over-budget', shortage: { limit: 'runs', cap: 2 } } },
    });
    await it.ask('POST', '/v1/claims/release', { token, body: { lease: first.body.lease } });
    expect((await acquire('c')).status).toBe(200);
    // Nothing was used up by any of them.
    const book = await it.coordination.budgets.read('repository/octo/slug/locks');
    expect(book).toMatchObject({ runs: 2, spent: nothing, reserved: nothing });
  });

  test('without a limit is believed whatever it says', async () => {
    await using it = coordinatorScene();
    await spendAndRelease(it, await it.key('operator'), 1, { ...nothing, microUsd: 9_000_000 });
    expect((await booked(it, 'organisation/octo/day'))?.spent.microUsd).toBe(9_000_000);
  });
});

describe('a name that only the coordinator gives', () => {
  const agent = { id: 'key/admin-1', role: 'coder', version: '1', model: 'scripted' };
  const run = {
    schema: 1,
    id: 'run-1',
    task: 'github/octo/slug/issues/1',
    attempt: 1,
    agent,
    state: 'queued',
    leaseId: 'l',
    fence: 1,
    startedAt: 1,
    heartbeatAt: 1,
    progressAt: 1,
    progress: { stage: 'claimed', share: 0 },
    spent: nothing,
  };
  const claim = claimOf(1, 'run-1');
  const message = {
    schema: 1,
    id: 'm-1',
    type: 'handoff',
    task: 'github/octo/slug/issues/1',
    from: 'Sweeper',
    to: 'reviewer',
    sentAt: 1,
    body: {},
  };
  const next = {
    agent,
    runId: 'run-1',
    leaseId: 'l',
    ttlMs: 1,
    kind: 'agent',
    reason: '',
    amounts: nothing,
  };

  test.each([
    ['/v1/claims/acquire', { ...claim, holder: { ...claim.holder, agent } }],
    ['/v1/claims/take-over', { ...claim, holder: { ...claim.holder, agent } }],
    ['/v1/tasks/next', next],
    ['/v1/runs', { run }],
    ['/v1/messages', { message }],
  ])('is no agent’s: POST %s is refused, and nothing is told in that name', async (path, body) => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const answer = await it.ask('POST', path, { token, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'E722' } });
    expect(await it.coordination.activity.read({ limit: 10 })).toEqual([]);
  });

  test('is the caller’s when it is its own', async () => {
    await using it = coordinatorScene();
    const body = { message: { ...message, from: 'key/operator-1' } };
    expect((await it.ask('POST', '/v1/messages', { token: await it.key('operator'), body })).status).toBe(200);
  });
});
