import { describe, expect, it } from 'vitest';
import { dispatchedTitle } from '../../src/domain/dispatch/dispatched-title.ts';
import { type DispatchedStage, openDispatchedStage, traceparent } from './dispatched-stage.ts';
import { sampleScript } from './sample-copy.ts';
import type { Comment, PullRequest } from './stage.ts';

const key = 'github/octo/slug/issues/1';
const model = `scripted:${sampleScript}`;

/** Everything that the jobs of a workflow run printed. */
async function logOf(stage: DispatchedStage, place: string, run: number | undefined): Promise<string> {
  const page = await fetch(`${stage.github.url}/octo/${place}/actions/runs/${run}`);
  return page.text();
}

async function workflowRun(stage: DispatchedStage, place: string, run: number | undefined) {
  type Answer = { status: string; conclusion: string; event: string; display_title: string };
  return stage.send<Answer>('GET', `/octo/${place}/actions/runs/${run}`);
}

describe('a run that a coordinator dispatched', () => {
  it('becomes a pull request: picked up once, written with a token of the App that is worth nothing afterwards', async () => {
    await using stage = await openDispatchedStage();
    const { task, workflowRun: id } = await stage.dispatch(model);
    expect(await stage.store.runs.read(task.runId)).toMatchObject({ state: 'queued' });
    await stage.runner.idle();
    expect(stage.runner.ended.map(({ fault, report }) => [fault, report?.conclusion])).toEqual([
      [undefined, 'success'],
    ]);
    expect(await workflowRun(stage, 'slug', id)).toMatchObject({
      status: 'completed',
      conclusion: 'success',
      event: 'workflow_dispatch',
      display_title: dispatchedTitle(task.runId),
    });

    const [pull] = await stage.send<PullRequest[]>('GET', '/octo/slug/pulls?state=all');
    expect(pull?.head.ref).toMatch(/^agent\/1\/f1-/);
    const { runs, tasks, claims } = stage.store;
    const run = await runs.read(task.runId);
    expect(run).toMatchObject({ state: 'succeeded', pullRequest: pull?.number, workflowRun: { id, attempt: 1 } });
    expect(await claims.read(key)).toMatchObject({ state: 'free', fence: 1 });
    expect(await tasks.read(key)).toMatchObject({ state: 'in_review' });
    const comments = await stage.send<Comment[]>('GET', '/octo/slug/issues/1/comments');
    const tracking = comments.filter(({ user }) => user.login === 'agents[bot]');
    expect(tracking).toHaveLength(1);
    expect(tracking[0]?.body).toContain(`#${pull?.number}`);

    expect(await stage.artifacts(task.runId)).toEqual(
      expect.arrayContaining([expect.stringContaining('trajectory'), expect.stringContaining('result')]),
    );

    const asked = stage.log.filter(({ endpoint }) => endpoint === 'mintRunToken' || endpoint === 'pickUpRun');
    expect(asked.map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['pickUpRun', 200],
      ['mintRunToken', 200],
    ]);
    expect(asked[0]).toMatchObject({ trace: traceparent.slice(3, 35) });
    expect(await logOf(stage, 'slug', id)).not.toMatch(/ghs_[A-Za-z0-9]/);
    const revoked = stage.github.requests().filter(({ operation }) => operation === 'DELETE /installation/token');
    expect(revoked.map(({ status }) => status)).toEqual([204]);
    expect(task.traceparent).toBe(traceparent);
  });

  it('holds what a person approves first, and publishes it in a run of its own, for which nobody works', async () => {
    await using stage = await openDispatchedStage();
    const settings = { reviewPaths: ['src/**'] };
    const first = await stage.dispatch(model, { settings });
    await stage.runner.idle();
    const { runs, tasks } = stage.store;
    expect(await runs.read(first.task.runId)).toMatchObject({ state: 'needs_info' });
    expect(await tasks.read(key)).toMatchObject({ state: 'needs_info' });
    expect(await stage.send<PullRequest[]>('GET', '/octo/slug/pulls?state=all')).toEqual([]);
    const [, shown] = await stage.send<Comment[]>('GET', '/octo/slug/issues/1/comments');
    const plan = /approve ([0-9a-f]{24})`/.exec(shown?.body ?? '')?.[1];

    const second = await stage.dispatch(model, { settings, issue: 1, command: `/agent approve ${plan}` });
    await stage.runner.idle();
    const { report } = stage.runner.ended.at(-1) ?? {};
    expect(report?.conclusion).toBe('success');
    expect(report?.jobs.find(({ id }) => id.endsWith('agent'))).toMatchObject({ conclusion: 'skipped' });
    const [pull] = await stage.send<PullRequest[]>('GET', '/octo/slug/pulls?state=all');
    const spent = { microUsd: 0, tokens: 0, turns: 0, minutes: 0 };
    expect(await runs.read(second.task.runId)).toMatchObject({ state: 'succeeded', pullRequest: pull?.number, spent });
    expect(await tasks.read(key)).toMatchObject({ state: 'in_review' });
  });

  it('that was dispatched twice is carried out once: the second workflow run ends quietly', async () => {
    await using stage = await openDispatchedStage();
    const { task } = await stage.dispatch(model);
    const second = await stage.start(task.runId);
    await stage.runner.idle();
    const conclusions = stage.runner.ended.map(({ report }) => report?.conclusion);
    expect(conclusions).toEqual(['success', 'success']);
    const quiet = stage.runner.ended.find(({ run }) => run === second)?.report?.jobs ?? [];
    expect(quiet.map(({ id, conclusion }) => [id, conclusion])).toEqual([
      ['agent/task', 'success'],
      ['agent/agent', 'skipped'],
      ['agent/publish', 'skipped'],
    ]);
    expect(await stage.send<PullRequest[]>('GET', '/octo/slug/pulls?state=all')).toHaveLength(1);
  });

  it('by hand, for a run that nobody admitted, is told so', async () => {
    await using stage = await openDispatchedStage();
    const id = await stage.start('01JD0000000000000000000000');
    await stage.runner.idle();
    expect(await workflowRun(stage, 'slug', id)).toMatchObject({ conclusion: 'failure' });
    expect(stage.runner.ended[0]?.report?.annotations.map(({ message }) => message).join()).toContain('E726');
  });

  it('whose agent could not work is closed as failed, and every token that was made is ended', async () => {
    await using stage = await openDispatchedStage();
    const { task } = await stage.dispatch(`scripted:/nowhere/such-a-script.yaml`);
    await stage.runner.idle();
    const run = await stage.store.runs.read(task.runId);
    expect(run?.state).toBe('failed');
    expect(await stage.store.claims.read(key)).toMatchObject({ state: 'free' });
    const minted = stage.log.filter(({ event }) => event === 'token').length;
    const revoked = stage.github.requests().filter(({ operation }) => operation === 'DELETE /installation/token');
    expect(revoked).toHaveLength(minted);
  });
});

describe('the central runner repository', () => {
  it('carries out a run of a private repository: its jobs hold no token that reaches it but those of the coordinator', async () => {
    await using stage = await openDispatchedStage('central');
    const { task, workflowRun: id } = await stage.dispatch(model);
    await stage.runner.idle();
    expect(stage.runner.ended.map(({ fault, report }) => [fault, report?.conclusion])).toEqual([
      [undefined, 'success'],
    ]);
    expect(await workflowRun(stage, 'agents', id)).toMatchObject({ conclusion: 'success' });
    const [pull] = await stage.send<PullRequest[]>('GET', '/octo/slug/pulls?state=all');
    expect(pull?.head.ref).toMatch(/^agent\/1\/f1-/);
    expect(await stage.store.runs.read(task.runId)).toMatchObject({ state: 'succeeded', pullRequest: pull?.number });
    const purposes = stage.log.filter(({ event }) => event === 'token').map(({ purpose }) => purpose);
    expect(purposes).toEqual(['read', 'publish']);
    const revoked = stage.github.requests().filter(({ operation }) => operation === 'DELETE /installation/token');
    expect(revoked.map(({ status }) => status)).toEqual([204, 204]);
    expect(await logOf(stage, 'agents', id)).not.toMatch(/ghs_[A-Za-z0-9]/);
  });

  it('closes a run whose job failed after the pick-up and before the agent: comment, claim and token', async () => {
    await using stage = await openDispatchedStage('central');
    const { task } = await stage.dispatch(model);
    // The three tries of the job for a token that reads the code; its post is given one that writes.
    const body = { message: 'The permissions requested are not granted to this installation.' };
    const path = '/app/installations/123/access_tokens';
    stage.github.faults.push({ method: 'POST', path, times: 3, respond: { kind: 'respond', status: 422, body } });
    await stage.runner.idle();
    expect(stage.runner.ended[0]?.report?.conclusion).toBe('failure');
    const run = await stage.store.runs.read(task.runId);
    expect(run).toMatchObject({ state: 'failed', workflowRun: { attempt: 1 } });
    expect(await stage.store.claims.read(key)).toMatchObject({ state: 'free' });
    const comments = await stage.send<Comment[]>('GET', '/octo/slug/issues/1/comments');
    expect(comments.find(({ user }) => user.login === 'agents[bot]')?.body).toContain('E720');
    const revoked = stage.github.requests().filter(({ operation }) => operation === 'DELETE /installation/token');
    expect(revoked.map(({ status }) => status)).toEqual([204]);
  });
});
