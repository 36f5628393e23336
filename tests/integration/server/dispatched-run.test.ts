import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dispatchedJob, dispatchedScene, ulidOf } from '../../fakes/dispatched-scene.ts';
import { type OidcIssuer, oidcIssuer } from '../../fakes/oidc-issuer.ts';

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await oidcIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());

const run = ulidOf('A');

describe('a dispatched workflow run', () => {
  test('begins its run, gets the task byte for byte, and is the one that the books name', async () => {
    await using it = dispatchedScene(issuer);
    const text = await it.dispatch(run);
    const picked = await it.as(dispatchedJob).pickUp(run);
    expect(picked).toMatchObject({ status: 200, body: { task: text } });
    expect(picked.body.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    const workflowRun = { id: 900, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/900' };
    expect(picked.body.run).toMatchObject({ state: 'running', workflowRun });
    const { runs, tasks } = it.scene.coordination;
    expect(await runs.read(run)).toMatchObject({ state: 'running', workflowRun });
    expect(await tasks.read('github/octo/slug/issues/1')).toMatchObject({ state: 'in_progress', runId: run });
  });

  test('that lost the answer asks again and gets the same, and nothing moves twice', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const job = it.as(dispatchedJob);
    const first = await job.pickUp(run);
    expect((await job.pickUp(run)).body).toEqual(first.body);
    const moves = (await it.scene.coordination.activity.read({ run, limit: 50 })).filter(
      ({ change }) => change.type === 'run.moved',
    );
    expect(moves).toHaveLength(1);
  });

  test('gets a task of any size again under the same Idempotency-Key: nothing of it is kept', async () => {
    await using it = dispatchedScene(issuer);
    const text = await it.dispatch(run);
    const large = text.replace('{', `{"padding": "${'\\"'.repeat(400_000)}",`);
    it.files.set(`runs/${run}/task.json`, large);
    const job = it.as(dispatchedJob);
    const ask = { headers: { 'idempotency-key': 'same' } };
    const first = await job.ask('POST', `/v1/runs/${run}/pick-up`, ask);
    const second = await job.ask('POST', `/v1/runs/${run}/pick-up`, ask);
    for (const picked of [first, second]) {
      expect(picked.status).toBe(200);
      expect(picked.body.task).toBe(large);
      expect(picked.headers.has('idempotency-replayed')).toBe(false);
    }
  });

  test('is one of many that come at once: the others are told that it is taken', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const many = await Promise.all(
      [901, 902, 903, 904].map((id) => it.as({ ...dispatchedJob, run_id: String(id) }).pickUp(run)),
    );
    expect(many.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const losers = many.filter(({ status }) => status === 409).map(({ body }) => body.refusal.kind);
    expect(losers).toEqual(['taken', 'taken', 'taken']);
  });

  test('that the dispatch named is the only one, and a re-run of it counts as long as nothing began', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const workflowRun = { id: 900, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/900' };
    await it.scene.coordination.runs.change(run, { facts: { workflowRun }, actor: 'dispatcher' });
    expect(await it.as({ ...dispatchedJob, run_id: '901' }).pickUp(run)).toMatchObject({ status: 409 });
    const again = await it.as({ ...dispatchedJob, run_attempt: '2' }).pickUp(run);
    expect(again).toMatchObject({ status: 200, body: { run: { workflowRun: { id: 900, attempt: 2 } } } });
  });

  test('of a second start counts also when it is here before its start is noted; then the first one is told so', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const { runs } = it.scene.coordination;
    const workflowRun = { id: 900, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/900' };
    const dispatched = { tries: 2, at: 1, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, earlier: 900 };
    await runs.change(run, { facts: { workflowRun, dispatched }, actor: 'dispatcher' });
    const second = it.as({ ...dispatchedJob, run_id: '901' });
    expect(await second.pickUp(run)).toMatchObject({ status: 200, body: { run: { workflowRun: { id: 901 } } } });
    expect((await second.token(run, 'read')).status).toBe(200);
    const late = await it.as(dispatchedJob).pickUp(run);
    expect(late).toMatchObject({ status: 409, body: { refusal: { kind: 'taken' } } });
  });

  test('of a start that is noted by now is the only one again', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const workflowRun = { id: 901, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/901' };
    const dispatched = { tries: 2, at: 1, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, earlier: 900 };
    await it.scene.coordination.runs.change(run, { facts: { workflowRun, dispatched }, actor: 'dispatcher' });
    expect(await it.as(dispatchedJob).pickUp(run)).toMatchObject({ status: 409 });
    expect(await it.as({ ...dispatchedJob, run_id: '901' }).pickUp(run)).toMatchObject({ status: 200 });
  });

  test('that somebody wants to stop begins nothing', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    await it.scene.coordination.runs.requestStop(run, { by: 'mona', reason: 'wrong issue' });
    const asked = await it.as(dispatchedJob).pickUp(run);
    expect(asked).toMatchObject({ status: 409, body: { refusal: { kind: 'stop-requested' } } });
  });

  test('gets tokens for its repository alone, with what the purpose needs, and each is told of', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const job = it.as(dispatchedJob);
    await job.pickUp(run);
    const publish = await job.token(run);
    const permissions = { contents: 'write', issues: 'write', pull_requests: 'write' };
    expect(publish).toMatchObject({ status: 200, body: { token: 'ghs_token1', repository: 'octo/slug', permissions } });
    expect((await job.token(run, 'read')).body).toMatchObject({ permissions: { contents: 'read' } });
    expect(it.mints).toEqual([
      { installation: 123, scope: { repositories: ['slug'], permissions } },
      { installation: 123, scope: { repositories: ['slug'], permissions: { contents: 'read' } } },
    ]);
    const effects = (
      await it.scene.coordination.activity.read({ task: 'github/octo/slug/issues/1', limit: 50 })
    ).flatMap(({ change }) => (change.type === 'claim.effect' ? [change.effect.split('/').slice(0, 2).join('/')] : []));
    expect(effects).toEqual(['token/publish', 'token/read']);
    expect(it.scene.log).toContainEqual(expect.objectContaining({ event: 'token', run, purpose: 'publish' }));
    expect(JSON.stringify(it.scene.log)).not.toContain('ghs_');
  });

  test('learns that the App is not installed, or suspended', async () => {
    await using it = dispatchedScene(issuer);
    for (const [at, owner] of ['uninstalled', 'suspended'].entries()) {
      const name = ulidOf(`B${at}`);
      const repository = `${owner}/slug`;
      await it.dispatch(name, { repository });
      const job = it.as({ ...dispatchedJob, repository });
      expect((await job.pickUp(name)).status).toBe(200);
      expect(await job.token(name)).toMatchObject({ status: 409, body: { refusal: { kind: 'not-installed' } } });
    }
    expect(it.mints).toEqual([]);
  });
});

describe('the central runner repository', () => {
  const central = { repository: 'octo/agents', owners: ['octo'] };
  const job = { ...dispatchedJob, repository: 'octo/agents' };

  test('carries out runs of every repository of its owners, and of no other', async () => {
    await using it = dispatchedScene(issuer, { central });
    await it.dispatch(run);
    const theirs = ulidOf('C');
    await it.dispatch(theirs, { repository: 'acme/slug' });
    const url = 'https://github.com/octo/agents/actions/runs/900';
    expect(await it.as(job).pickUp(run)).toMatchObject({ status: 200, body: { run: { workflowRun: { url } } } });
    expect(await it.as(job).token(run, 'read')).toMatchObject({ status: 200, body: { repository: 'octo/slug' } });
    expect((await it.as(job).pickUp(theirs)).status).toBe(404);
    const claim = await it.as(job).ask('GET', `/v1/claims/${encodeURIComponent('github/octo/slug/issues/1')}`);
    expect(claim.status).toBe(200);
  });

  test('is nobody special where the coordinator does not know it', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    expect((await it.as(job).pickUp(run)).status).toBe(404);
  });
});
