import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '../../../../src/embedded/github/routes.ts';
import { appJwt } from '../../../fakes/app-jwt.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';

/** `/repos/octo/slug/issues/1/…` for `/repos/{owner}/{repo}/issues/{issue_number}/…`. */
function place(operation: string, name = 'slug'): { method: string; path: string } {
  const [method = '', template = ''] = operation.split(' ');
  const path = template.replace('{owner}/{repo}', `octo/${name}`).replaceAll(/\{(\w+)\}/g, (_, each: string) => {
    return each.endsWith('_number') || each.endsWith('_id') ? '1' : 'main';
  });
  return { method, path };
}

const ofRepository = allRoutes.filter((route) => route.access.kind === 'repository');
const writes = ofRepository.filter((route) => route.access.kind === 'repository' && route.access.signedIn);

describe('who may do what', () => {
  let room: GitHubRoom;
  beforeAll(async () => {
    room = await gitHubRoom();
    await room.ask('POST', `${repo}/issues`, { body: { title: 'One' } });
  });
  afterAll(() => room[Symbol.asyncDispose]());

  test("a job's token without permissions gets GitHub's own sentence from every route that needs one", async () => {
    const token = room.job({});
    for (const { operation, access } of ofRepository) {
      if (access.kind !== 'repository' || access.needs.some(({ permission }) => permission === 'metadata')) continue;
      const { method, path } = place(operation);
      const answer = await room.ask(method, path, { token, ...(method === 'GET' ? {} : { body: {} }) });
      expect([operation, answer.status, answer.json?.message]).toEqual([
        operation,
        403,
        'Resource not accessible by integration',
      ]);
      const [need] = access.needs;
      expect(answer.headers.get('x-accepted-github-permissions')).toContain(`${need.permission}=${need.level}`);
    }
  });

  test('reading permission does not write', async () => {
    const token = room.job({
      contents: 'read',
      issues: 'read',
      'pull-requests': 'read',
      actions: 'read',
      checks: 'read',
      statuses: 'read',
    });
    for (const { operation } of writes) {
      const { method, path } = place(operation);
      const answer = await room.ask(method, path, { token, ...(method === 'GET' ? {} : { body: {} }) });
      expect([operation, answer.status]).toEqual([operation, 403]);
    }
  });

  test('what is private does not exist for strangers, whatever they ask', async () => {
    for (const { operation } of ofRepository) {
      room.clock.advance(3_600_001);
      const { method, path } = place(operation, 'secret');
      for (const token of [
        room.tokens.bob,
        room.job({ contents: 'write', issues: 'write', administration: 'write' }),
        '',
      ]) {
        const answer = await room.ask(method, path, { token, ...(method === 'GET' ? {} : { body: {} }) });
        expect([operation, answer.status]).toEqual([operation, 404]);
      }
    }
  });

  test('without a token nothing is written, and what is public is read', async () => {
    for (const { operation } of writes) {
      room.clock.advance(3_600_001);
      const { method, path } = place(operation);
      const answer = await room.ask(method, path, { token: '', ...(method === 'GET' ? {} : { body: {} }) });
      expect([operation, answer.status]).toEqual([operation, 401]);
    }
    expect((await room.ask('GET', `${repo}/issues/1`, { token: '' })).status).toBe(200);
  });

  test('an unknown token is a 401, also where no token would do', async () => {
    for (const path of [`${repo}/issues/1`, '/rate_limit', '/user']) {
      const answer = await room.ask('GET', path, { token: 'ghp_nobody' });
      expect([answer.status, answer.json.message]).toEqual([401, 'Bad credentials']);
    }
  });

  test('a token ends with its job, and at its time', async () => {
    const brief = room.github.mintToken({
      repository: { owner: 'octo', name: 'slug' },
      permissions: { issues: 'read' },
      lifetimeMs: 60_000,
    });
    expect((await room.ask('GET', `${repo}/issues/1`, { token: brief })).status).toBe(200);
    room.clock.advance(61_000);
    expect((await room.ask('GET', `${repo}/issues/1`, { token: brief })).status).toBe(401);
    const revoked = room.job({ issues: 'read' });
    room.github.revokeToken(revoked);
    expect((await room.ask('GET', `${repo}/issues/1`, { token: revoked })).status).toBe(401);
  });

  test('people do what their role allows: readers talk, triagers sort, writers write, admins hook', async () => {
    const { bob, alice, octo } = room.tokens;
    const tina = room.github.userToken('tina');
    const sha = await room.head('main');
    const status = async (token: string, method: string, path: string, body: unknown) =>
      (await room.ask(method, path, { token, body })).status;
    expect(await status(bob, 'POST', `${repo}/issues/1/comments`, { body: 'hi' })).toBe(201);
    expect(await status(bob, 'POST', `${repo}/issues/1/labels`, { labels: ['bug'] })).toBe(403);
    expect(await status(tina, 'POST', `${repo}/issues/1/labels`, { labels: ['bug'] })).toBe(200);
    expect(await status(tina, 'POST', `${repo}/git/refs`, { ref: 'refs/heads/t', sha })).toBe(403);
    expect(await status(alice, 'POST', `${repo}/git/refs`, { ref: 'refs/heads/t', sha })).toBe(201);
    expect(await status(alice, 'GET', `${repo}/hooks`, undefined)).toBe(403);
    expect(await status(octo, 'GET', `${repo}/hooks`, undefined)).toBe(200);
    expect(await status(bob, 'PATCH', `${repo}/issues/1`, { state: 'closed' })).toBe(403);
    const own = (await room.ask('POST', `${repo}/issues`, { token: bob, body: { title: 'Mine', labels: ['bug'] } }))
      .json;
    expect(own.labels).toEqual([]);
    expect(await status(bob, 'PATCH', `${repo}/issues/${own.number}`, { state: 'closed' })).toBe(200);
  });

  test.each([
    ['octo', 'admin', 'admin'],
    ['alice', 'write', 'write'],
    ['tina', 'read', 'triage'],
    ['bob', 'read', 'read'],
    ['carol', 'read', 'read'],
    ['github-actions[bot]', 'none', 'none'],
  ])('%s has the permission %s and the role %s, as a job sees it', async (login, permission, role) => {
    const answer = await room.ask('GET', `${repo}/collaborators/${encodeURIComponent(login)}/permission`, {
      token: room.job({}),
    });
    expect(answer.json).toMatchObject({ permission, role_name: role, user: { login } });
  });

  test('who may not push may not see what others may', async () => {
    const answer = await room.ask('GET', `${repo}/collaborators/alice/permission`, { token: room.tokens.bob });
    expect([answer.status, answer.json.message]).toEqual([
      403,
      'Must have push access to view collaborator permission.',
    ]);
    expect((await room.ask('GET', `${repo}/collaborators/nobody/permission`)).status).toBe(404);
  });

  test('a locked conversation takes words from those who may push, and from no other person', async () => {
    const { number } = (await room.ask('POST', `${repo}/issues`, { body: { title: 'Hot' } })).json;
    await room.ask('PUT', `${repo}/issues/${number}/lock`, { body: { lock_reason: 'too heated' } });
    const say = (token: string) =>
      room.ask('POST', `${repo}/issues/${number}/comments`, { token, body: { body: 'but' } });
    expect((await say(room.tokens.bob)).status).toBe(403);
    expect((await say(room.tokens.alice)).status).toBe(201);
    expect((await room.ask('GET', `${repo}/issues/${number}`)).json).toMatchObject({
      locked: true,
      active_lock_reason: 'too heated',
    });
  });

  test('permission for pull requests comments on pull requests, and on no issue', async () => {
    const token = room.job({ 'pull-requests': 'write' });
    await room.commit('talk', { 'talk.txt': 'x\n' });
    const { number } = (
      await room.ask('POST', `${repo}/pulls`, { body: { title: 'Talk', head: 'talk', base: 'main' } })
    ).json;
    const say = (issue: number) =>
      room.ask('POST', `${repo}/issues/${issue}/comments`, { token, body: { body: 'hi' } });
    expect((await say(number)).status).toBe(201);
    expect((await say(1)).status).toBe(403);
  });

  test('an App signs in with its key, and its tokens carry no more than was granted', async () => {
    const token = appJwt(77, room.appKey, room.clock.now());
    const mint = (body: unknown) => room.ask('POST', '/app/installations/123/access_tokens', { token, body });
    expect((await mint({ permissions: { administration: 'write' } })).status).toBe(422);
    expect((await mint({ repositories: ['elsewhere'] })).status).toBe(422);
    const made = (await mint({ repositories: ['slug'], permissions: { issues: 'write' } })).json;
    const say = await room.ask('POST', `${repo}/issues/1/comments`, { token: made.token, body: { body: 'beep' } });
    expect(say.json).toMatchObject({
      user: { login: 'entropy[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'entropy' },
    });
    expect((await room.ask('GET', `${repo}/git/ref/heads/main`, { token: made.token })).status).toBe(403);
    expect((await room.ask('GET', '/repos/octo/secret', { token: made.token })).status).toBe(404);
    const late = appJwt(77, room.appKey, room.clock.now() - 3_600_000);
    expect((await room.ask('GET', '/app', { token: late })).status).toBe(401);
    expect((await room.ask('GET', '/app', { token: `${token.slice(0, -8)}AAAAAAAA` })).status).toBe(401);
  });
});
