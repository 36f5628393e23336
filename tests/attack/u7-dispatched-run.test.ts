import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endRun } from '../../src/flows/end-run.ts';
import { sampleAgent, sampleRun } from '../fakes/coordination-samples.ts';
import { dispatchedJob, dispatchedScene, type Job, ulidOf } from '../fakes/dispatched-scene.ts';
import { type OidcIssuer, oidcIssuer } from '../fakes/oidc-issuer.ts';

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await oidcIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());

const run = ulidOf('A');
const key = 'github/octo/slug/issues/1';

/** A run that its rightful workflow run has picked up. */
async function atWork() {
  const it = dispatchedScene(issuer);
  await it.dispatch(run);
  const rightful = it.as(dispatchedJob);
  expect((await rightful.pickUp(run)).status).toBe(200);
  return { ...it, rightful };
}

describe('U7: a workflow run that wants the task or the token of a run that is not its own', () => {
  test('the rightful one gets both (benign twin)', async () => {
    await using it = await atWork();
    expect((await it.rightful.token(run)).status).toBe(200);
  });

  test('of another repository: the run is not even there', async () => {
    await using it = await atWork();
    const stranger = it.as({ ...dispatchedJob, repository: 'octo/other' });
    expect((await stranger.pickUp(run)).status).toBe(404);
    expect((await stranger.token(run)).status).toBe(404);
    expect(it.mints).toEqual([]);
  });

  test('of the same repository, or an earlier or later attempt: taken', async () => {
    await using it = await atWork();
    for (const claims of [{ run_id: '901' }, { run_attempt: '2' }]) {
      const other = it.as({ ...dispatchedJob, ...claims });
      expect(await other.pickUp(run)).toMatchObject({ status: 409, body: { refusal: { kind: 'taken' } } });
      expect(await other.token(run)).toMatchObject({ status: 409, body: { refusal: { kind: 'taken' } } });
    }
    expect(it.mints).toEqual([]);
  });

  test('that names the rightful one in its body instead of its token: the body is not asked', async () => {
    await using it = await atWork();
    const other = it.as({ ...dispatchedJob, run_id: '901' });
    const body = { purpose: 'publish', workflowRun: { id: 900, attempt: 1, url: '' } };
    expect((await other.ask('POST', `/v1/runs/${run}/token`, { body })).status).toBe(400);
    expect(it.mints).toEqual([]);
  });

  test('by a workflow file of its own: refused before the run is looked at', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    const own = { job_workflow_ref: 'octo/slug/.github/workflows/agent-dispatched.yml@refs/heads/main' };
    const job = it.as({ ...dispatchedJob, ...own });
    expect((await job.pickUp(run)).status).toBe(403);
    expect((await job.token(run)).status).toBe(403);
    expect(await it.scene.coordination.runs.read(run)).toMatchObject({ state: 'queued' });
  });

  test('with a token for somebody else, or signed by somebody else: not let in', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    expect((await it.as({ ...dispatchedJob, aud: 'https://elsewhere.example' }).pickUp(run)).status).toBe(401);
    const forged = await issuer.token(it.scene.clock.now(), dispatchedJob, { signedBy: 'stranger' });
    expect((await it.scene.ask('POST', `/v1/runs/${run}/pick-up`, { token: forged })).status).toBe(401);
  });

  test('by an event that may run what a branch says: not let in', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run);
    expect((await it.as({ ...dispatchedJob, event_name: 'pull_request' }).pickUp(run)).status).toBe(403);
  });

  test('with a key, even of an admin', async () => {
    await using it = await atWork();
    const token = await it.scene.key('admin');
    expect((await it.scene.ask('POST', `/v1/runs/${run}/pick-up`, { token })).status).toBe(403);
    const asked = await it.scene.ask('POST', `/v1/runs/${run}/token`, { token, body: { purpose: 'publish' } });
    expect(asked.status).toBe(403);
    expect(it.mints).toEqual([]);
  });
});

describe('U7: a run that is over, or lost its claim', () => {
  test('opens nothing to whoever replays its requests', async () => {
    await using it = await atWork();
    const { claims, tasks, runs } = it.scene.coordination;
    const record = await runs.read(run);
    const lease = { key, leaseId: record?.leaseId ?? '', fence: record?.fence ?? 0, expiresAt: 0 };
    const end = { outcome: 'succeeded', reason: 'done' } as const;
    await endRun({ claims, tasks, runs, clock: it.scene.clock }, { runId: run, lease, end, actor: 'test' });
    expect(await it.rightful.pickUp(run)).toMatchObject({ status: 409, body: { refusal: { kind: 'over' } } });
    expect(await it.rightful.token(run)).toMatchObject({ status: 409, body: { refusal: { kind: 'over' } } });
    expect(it.mints).toEqual([]);
  });

  test('gets no token once a person took the issue over', async () => {
    await using it = await atWork();
    const holder = { owner: 'mona', runId: 'by-hand', kind: 'human', reason: 'mine' } as const;
    await it.scene.coordination.claims.takeOver({ key, holder, leaseId: 'by-hand', ttlMs: 0 });
    expect(await it.rightful.token(run)).toMatchObject({ status: 409, body: { refusal: { kind: 'stale' } } });
    expect(it.mints).toEqual([]);
  });
});

/** A run needs a claim that the caller holds. */
async function hold(job: Job, { id, leaseId, task }: ReturnType<typeof sampleRun>): Promise<void> {
  const holder = { owner: 'coder/x', runId: id, kind: 'agent', reason: '' };
  const body = { key: task, holder, leaseId, ttlMs: 60_000 };
  expect((await job.ask('POST', '/v1/claims/acquire', { body })).status).toBe(200);
}

describe('U7: a job that may only identify itself and wants a token that writes', () => {
  test('writes a run into the books by hand: without a task that the dispatcher wrote it opens nothing', async () => {
    await using it = dispatchedScene(issuer);
    const job = it.as(dispatchedJob);
    const made = ulidOf('D');
    const holder = { owner: 'coder/x', runId: made, kind: 'agent', reason: '' };
    const claim = { key, holder, leaseId: 'own', ttlMs: 60_000 };
    expect((await job.ask('POST', '/v1/claims/acquire', { body: claim })).status).toBe(200);
    const workflowRun = { id: 900, attempt: 1, url: '' };
    const own = sampleRun(made, { state: 'running', leaseId: 'own', fence: 1, workflowRun, agent: sampleAgent('x') });
    expect((await job.ask('POST', '/v1/runs', { body: { run: own } })).status).toBe(200);
    expect(await job.token(made)).toMatchObject({ status: 409, body: { refusal: { kind: 'no-task' } } });
    expect(it.mints).toEqual([]);
  });

  test('calls its run handed over, so that it is looked for and started each minute: only the dispatcher may', async () => {
    await using it = dispatchedScene(issuer);
    const job = it.as(dispatchedJob);
    const dispatched = { tries: 1, at: it.scene.clock.now(), traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };
    const made = sampleRun(ulidOf('G'), { agent: sampleAgent('x') });
    await hold(job, made);
    const post = (path: string, body: object) => job.ask('POST', path, { body });
    expect((await post('/v1/runs', { run: { ...made, dispatched } })).status).toBe(403);
    expect(await it.scene.coordination.runs.read(made.id)).toBeUndefined();
    expect((await post('/v1/runs', { run: made })).status).toBe(200);
    expect((await post(`/v1/runs/${made.id}/change`, { facts: { dispatched } })).status).toBe(403);
    expect((await it.scene.coordination.runs.read(made.id))?.dispatched).toBeUndefined();
  });

  test.each(['../../etc/passwd', 'x/../../secret', ulidOf('E').toLowerCase()])(
    'names its run %s: no file is looked for under it',
    async (name) => {
      await using it = dispatchedScene(issuer);
      const job = it.as(dispatchedJob);
      const own = sampleRun(name, { agent: sampleAgent('x') });
      await hold(job, own);
      expect((await job.ask('POST', '/v1/runs', { body: { run: own } })).status).toBe(200);
      expect(await job.pickUp(name)).toMatchObject({ status: 409, body: { refusal: { kind: 'no-task' } } });
    },
  );

  test('puts the task of another run under its own: the lease in it is not the one of the run', async () => {
    await using it = dispatchedScene(issuer);
    await it.dispatch(run, { repository: 'acme/slug' });
    const made = ulidOf('F');
    const theirs = it.files.get(`runs/${run}/task.json`) ?? '';
    it.files.set(`runs/${made}/task.json`, theirs.replaceAll(`"runId": "${run}"`, `"runId": "${made}"`));
    const job = it.as(dispatchedJob);
    const own = sampleRun(made, { agent: sampleAgent('x') });
    await hold(job, own);
    expect((await job.ask('POST', '/v1/runs', { body: { run: own } })).status).toBe(200);
    expect(await job.pickUp(made)).toMatchObject({ status: 409, body: { refusal: { kind: 'no-task' } } });
  });
});
