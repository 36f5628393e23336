import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createForgeApp } from '../../src/adapters/github/forge-app.ts';
import { createForgeWorkflows } from '../../src/adapters/github/forge-workflows.ts';
import { dispatchableWorkflow } from '../fakes/dispatch-scene.ts';
import { type GitHubRoom, gitHubRoom } from '../fakes/embedded-github-room.ts';
import { scriptedGitHub } from '../fakes/scripted-github.ts';

const signal = new AbortController().signal;
const repository = { owner: 'octo', name: 'slug' };

describe('the App at GitHub', () => {
  let room: GitHubRoom;
  let signed = 0;
  const appOf = () =>
    createForgeApp({
      appId: 77,
      key: {
        sign: async (message) => {
          signed += 1;
          return sign('RSA-SHA256', message, room.appKey);
        },
      },
      apiUrl: room.github.apiUrl,
      userAgent: 'test',
      clock: room.clock,
      signal,
      log: () => {},
    });
  beforeAll(async () => {
    room = await gitHubRoom();
  });
  afterAll(() => room[Symbol.asyncDispose]());

  test('is known by its key, and signs a token once for many requests', async () => {
    const app = appOf();
    signed = 0;
    expect(await app.author()).toBe('entropy[bot]');
    const found: number[] = [];
    for await (const { id } of app.installations()) found.push(id);
    expect(found).toEqual([123]);
    expect(signed).toBe(1);
    room.clock.advance(10 * 60_000);
    expect(await app.installationOf(repository)).toEqual({
      id: 123,
      account: 'octo',
      accountId: expect.stringMatching(/^[1-9][0-9]*$/),
      suspended: false,
    });
    expect(signed).toBe(2);
  });

  test('tells what an installation covers, and nothing of what it does not', async () => {
    const app = appOf();
    const names: string[] = [];
    for await (const { name } of app.repositoriesOf(123)) names.push(name);
    expect(names.sort()).toEqual(['secret', 'slug']);
    expect(await app.installationOf({ owner: 'octo', name: 'none' })).toBeUndefined();
  });

  test('writes under its name, and takes nothing of another App for its own, with a token of which nobody told whose it is', async () => {
    const { token } = await appOf().mintToken(123);
    const { apiUrl } = room.github;
    const rest = { repository, apiUrl, userAgent: 'test', clock: room.clock, signal, log: () => {} };
    const forge = createGitHubForge(createGitHubApi({ token, ...rest }));
    expect(await forge.isOwnAuthor('evil-app[bot]')).toBe(false);
    expect(await forge.isOwnAuthor('github-actions[bot]')).toBe(false);
    expect(await forge.isOwnAuthor('entropy[bot]')).toBe(true);
  });

  test('makes tokens for an hour, for less than the installation may when that is asked for', async () => {
    const app = appOf();
    const whole = await app.mintToken(123);
    expect(whole.expiresAt - room.clock.now()).toBeGreaterThan(59 * 60_000);
    const { token } = await app.mintToken(123, { repositories: ['slug'], permissions: { issues: 'read' } });
    expect((await room.ask('GET', '/repos/octo/slug/issues', { token })).status).toBe(200);
    expect((await room.ask('POST', '/repos/octo/slug/issues', { token, body: { title: 'No' } })).status).toBe(403);
    await expect(app.mintToken(999)).rejects.toMatchObject({ code: 'E202' });
  });

  test('lists what was sent to its webhook, and has one sent again under its old name', async () => {
    const app = appOf();
    expect(await app.deliveries()).toMatchObject({ deliveries: expect.any(Array) });
    expect(await app.redeliver(1)).toBe('missing');
  });
});

describe('a workflow', () => {
  let room: GitHubRoom;
  const workflowsAt = (apiUrl: string, token: string) =>
    createForgeWorkflows(
      createGitHubApi({ token, repository, apiUrl, userAgent: 'test', clock: room.clock, signal, log: () => {} }),
    );
  beforeAll(async () => {
    room = await gitHubRoom();
    await room.commit('main', { '.github/workflows/agent.yml': dispatchableWorkflow });
  });
  afterAll(() => room[Symbol.asyncDispose]());

  test('is started, tells its run, and is found by its title', async () => {
    const workflows = workflowsAt(room.github.apiUrl, room.job({ actions: 'write' }));
    const inputs = { run: '01JD0000000000000000000001', traceparent: '' };
    const answer = await workflows.dispatch({ workflow: 'agent.yml', ref: 'main', inputs });
    expect(answer).toMatchObject({ kind: 'accepted', started: { attempt: 1, status: 'queued' } });
    const since = new Date(room.clock.now() - 60_000).toISOString();
    const found = await workflows.find({ workflow: 'agent.yml', title: inputs.run, since });
    expect(found).toMatchObject(answer.kind === 'accepted' ? { id: answer.started?.id } : {});
    expect(await workflows.find({ workflow: 'agent.yml', title: '01JD0000000000000000000009', since })).toBeUndefined();
    const later = new Date(room.clock.now() + 60_000).toISOString();
    expect(await workflows.find({ workflow: 'agent.yml', title: inputs.run, since: later })).toBeUndefined();
  });

  test('that cannot be started is refused in words that tell what is missing', async () => {
    const workflows = workflowsAt(room.github.apiUrl, room.job({ actions: 'write' }));
    const missing = await workflows.dispatch({ workflow: 'none.yml', ref: 'main', inputs: {} });
    expect(missing).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('none.yml on main of octo/slug'),
    });
    const untriggered = await workflows.dispatch({ workflow: 'ci.yml', ref: 'main', inputs: {} });
    expect(untriggered).toMatchObject({ kind: 'refused', reason: expect.stringContaining('workflow_dispatch') });
    const reading = workflowsAt(room.github.apiUrl, room.job({ actions: 'read' }));
    const forbidden = await reading.dispatch({ workflow: 'agent.yml', ref: 'main', inputs: {} });
    expect(forbidden).toMatchObject({ kind: 'refused', reason: expect.stringContaining('actions: write') });
  });

  test('is started on servers that do not know or do not tell the run', async () => {
    const path = '/repos/octo/slug/actions/workflows/agent.yml/dispatches';
    await using server = await scriptedGitHub([
      {
        expect: `POST ${path}`,
        status: 422,
        body: { message: 'Invalid request. "return_run_details" is not a permitted key.' },
      },
      { expect: `POST ${path}`, status: 204 },
      { expect: `POST ${path}`, how: 'drop' },
    ]);
    const workflows = workflowsAt(server.url, 'token');
    const workflow = { workflow: 'agent.yml', ref: 'main', inputs: {} };
    expect(await workflows.dispatch(workflow)).toEqual({ kind: 'accepted', started: undefined });
    expect(server.bodies).toEqual([
      { ref: 'main', inputs: {}, return_run_details: true },
      { ref: 'main', inputs: {} },
    ]);
    // Nobody knows whether it was started, so it is not asked for again here.
    await expect(workflows.dispatch(workflow)).rejects.toMatchObject({ code: 'E205', retryable: true });
    expect(server.left()).toBe(0);
  });
});
