import { describe, expect, test } from 'vitest';
import { claimOf, coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';

/** Two repositories with a claim, a task and a run each. */
async function scene(): Promise<Scene> {
  const it = coordinatorScene();
  const token = await it.key('operator');
  for (const repository of ['octo/slug', 'acme/one']) {
    const issue = issueOf(repository);
    await it.ask('POST', '/v1/tasks/mirror', { token, body: { issue } });
    const claim = { ...claimOf(1, `run-${repository.replace('/', '-')}`, repository) };
    const { lease } = (await it.ask('POST', '/v1/claims/acquire', { token, body: claim })).body;
    await it.ask('POST', '/v1/runs', { token, body: { run: runOf(repository, lease) } });
    await it.coordination.budgets.setCaps(`repository/${repository}`, { runs: 3 }, 'system');
  }
  return it;
}

function issueOf(repository: string) {
  return {
    repository,
    number: 1,
    kind: 'issue',
    title: `of ${repository}`,
    body: '',
    author: 'ada',
    forgeState: 'open',
    labels: ['bug'],
    assignees: [],
    comments: 0,
    createdAt: 1,
    updatedAt: 1,
  };
}

function runOf(repository: string, lease: { readonly leaseId: string; readonly fence: number }) {
  return {
    schema: 1,
    id: `run-${repository.replace('/', '-')}`,
    task: `github/${repository}/issues/1`,
    attempt: 1,
    agent: { id: 'coder/1', role: 'coder', version: '1', model: 'scripted' },
    state: 'queued',
    leaseId: lease.leaseId,
    fence: lease.fence,
    startedAt: 1,
    heartbeatAt: 1,
    progressAt: 1,
    progress: { stage: 'claimed', share: 0 },
    spent: { microUsd: 0, tokens: 0, turns: 0, minutes: 0, githubPoints: 0 },
  };
}

const own = { repositories: ['Octo/Slug'] };

describe('a key that is limited to a repository', () => {
  test('sees in every list only what is of it', async () => {
    await using it = await scene();
    const token = await it.key('viewer', own);
    const claims = await it.ask('GET', '/v1/claims', { token });
    expect(claims.body.claims.map(({ key }: { key: string }) => key)).toEqual(['github/octo/slug/issues/1']);
    for (const q of [
      '',
      'is:open',
      'repo:acme/one',
      'is:open OR repo:acme/one',
      '-repo:octo/slug',
      'title in:title OR bug',
    ]) {
      const tasks = await it.ask('GET', `/v1/tasks?q=${encodeURIComponent(q)}`, { token });
      expect(tasks.status).toBe(200);
      for (const task of tasks.body.tasks) expect(task.key).toBe('github/octo/slug/issues/1');
    }
    const runs = await it.ask('GET', '/v1/runs', { token });
    expect(runs.body.runs.map(({ id }: { id: string }) => id)).toEqual(['run-octo-slug']);
    const activity = await it.ask('GET', '/v1/activity', { token });
    expect(activity.body.events.length).toBeGreaterThan(2);
    expect(JSON.stringify(activity.body)).not.toContain('acme');
    const budgets = await it.ask('GET', '/v1/budgets', { token });
    expect(JSON.stringify(budgets.body)).not.toContain('acme');
  });

  test('finds the runs of others not there, and changes none', async () => {
    await using it = await scene();
    const token = await it.key('operator', own);
    for (const [method, path, body] of [
      ['GET', '/v1/runs/run-acme-one', undefined],
      ['POST', '/v1/runs/run-acme-one/change', { to: 'running' }],
      ['POST', '/v1/runs/run-acme-one/stop', { reason: 'no' }],
    ] as const) {
      expect(await it.ask(method, path, { token, body })).toMatchObject({ status: 404 });
    }
    expect(await it.coordination.runs.read('run-acme-one')).toMatchObject({ state: 'queued' });
  });

  test('cannot name a run of its own like one of others to see that', async () => {
    await using it = await scene();
    const token = await it.key('operator', own);
    const run = { ...runOf('octo/slug', { leaseId: 'l', fence: 1 }), id: 'run-acme-one' };
    const answer = await it.ask('POST', '/v1/runs', { token, body: { run } });
    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.body)).not.toContain('issues/1');
  });

  test('gets the next task of its own repository only', async () => {
    await using it = await scene();
    const operator = await it.key('operator');
    for (const repository of ['octo/slug', 'acme/one']) {
      await it.ask('POST', '/v1/tasks/mirror', {
        token: operator,
        body: { issue: { ...issueOf(repository), number: 2 } },
      });
    }
    const token = await it.key('operator', { repositories: ['acme/one'] });
    const body = {
      q: 'is:open',
      agent: { id: 'coder/9', role: 'coder', version: '1', model: 'scripted' },
      runId: 'run-9',
      leaseId: 'lease-9',
      ttlMs: 60_000,
      kind: 'agent',
      reason: 'next',
      amounts: { microUsd: 1, tokens: 1, turns: 1, minutes: 1, githubPoints: 0 },
    };
    const next = await it.ask('POST', '/v1/tasks/next', { token, body });
    expect(next).toMatchObject({ status: 200, body: { kind: 'claimed', task: { key: 'github/acme/one/issues/2' } } });
    const more = { ...body, runId: 'run-10', leaseId: 'lease-10' };
    expect(await it.ask('POST', '/v1/tasks/next', { token, body: more })).toMatchObject({ body: { kind: 'none' } });
  });

  test('that is an admin may set limits below the organisation, and make no keys', async () => {
    await using it = await scene();
    const token = await it.key('admin', own);
    const caps = { caps: { runs: 1 } };
    const put = (scope: string) => it.ask('PUT', `/v1/budget-caps/${encodeURIComponent(scope)}`, { token, body: caps });
    expect((await put('repository/octo/slug')).status).toBe(200);
    expect((await put('repository/octo/slug-two')).status).toBe(403);
    expect((await put('organisation/octo')).status).toBe(403);
    const made = await it.ask('POST', '/v1/keys', { token, body: { name: 'more', role: 'admin' } });
    expect(made.status).toBe(403);
    expect((await it.ask('GET', '/v1/keys', { token })).status).toBe(403);
  });

  test('to two repositories names one of them when it lists', async () => {
    await using it = await scene();
    const token = await it.key('viewer', { repositories: ['octo/slug', 'acme/one'] });
    const all = await it.ask('GET', '/v1/claims', { token });
    expect(all.status).toBe(403);
    expect(all.body.fix).toContain('github/octo/slug/');
    expect((await it.ask('GET', '/v1/claims?prefix=github/acme/one/', { token })).body.claims).toHaveLength(1);
    expect((await it.ask('GET', '/v1/tasks', { token })).body.total).toBe(2);
  });
});
