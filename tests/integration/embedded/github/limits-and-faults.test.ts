import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { secondaryRateLimit } from '../../../../src/embedded/github/http/faults.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';

describe('limits, faults and the record of requests', () => {
  let room: GitHubRoom;
  beforeEach(async () => {
    room = await gitHubRoom();
  });
  afterEach(() => room[Symbol.asyncDispose]());

  test('requests are counted against the limit of their token, and asking for the limit is free', async () => {
    const token = room.job({ issues: 'read' });
    const first = await room.ask('GET', repo, { token });
    expect(first.headers.get('x-ratelimit-limit')).toBe('1000');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('999');
    for (let index = 0; index < 3; index++) await room.ask('GET', '/rate_limit', { token });
    const { rate } = (await room.ask('GET', '/rate_limit', { token })).json;
    expect(rate).toMatchObject({ limit: 1000, used: 1, remaining: 999, reset: room.clock.now() / 1000 + 3600 });
    expect((await room.ask('GET', '/rate_limit')).json.rate).toMatchObject({ limit: 5000, used: 0 });
  });

  test('when nothing is left it is a 403 that names the reset, and an hour later it goes on', async () => {
    for (let index = 0; index < 60; index++) await room.ask('GET', repo, { token: '' });
    const refused = await room.ask('GET', repo, { token: '' });
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(refused.json.message).toContain('API rate limit exceeded');
    room.clock.advance(3_600_001);
    expect((await room.ask('GET', repo, { token: '' })).status).toBe(200);
  });

  test('a fault hits the requests it names, as often as it says', async () => {
    const { faults } = room.github;
    faults.push({ method: 'POST', path: `${repo}/issues`, times: 2, respond: secondaryRateLimit(7) });
    faults.push({
      path: /\/issues\/\d+$/,
      respond: { kind: 'respond', status: 502, body: { message: 'Bad Gateway' } },
    });
    const body = { title: 'One' };
    for (let index = 0; index < 2; index++) {
      const limited = await room.ask('POST', `${repo}/issues`, { body });
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
    }
    expect((await room.ask('POST', `${repo}/issues`, { body })).status).toBe(201);
    expect((await room.ask('GET', `${repo}/issues/1`)).status).toBe(502);
    expect((await room.ask('GET', `${repo}/issues/1`)).status).toBe(200);
    expect(faults.pending()).toBe(0);
  });

  test('a dropped connection gives no answer and does nothing; a delayed one waits for the clock', async () => {
    room.github.faults.push({ method: 'POST', path: `${repo}/issues`, respond: { kind: 'drop' } });
    await expect(room.ask('POST', `${repo}/issues`, { body: { title: 'Lost' } })).rejects.toThrow();
    expect((await room.ask('GET', `${repo}/issues`)).json).toEqual([]);
    room.github.faults.push({ path: repo, respond: { kind: 'delay', milliseconds: 30_000 } });
    const late = room.ask('GET', repo);
    await expect.poll(() => room.clock.sleepers()).toBe(1);
    room.clock.advance(30_000);
    expect((await late).status).toBe(200);
  });

  test('every request is recorded with its route, its status and who asked, and never with a token or a body', async () => {
    const token = room.job({ issues: 'write' });
    await room.ask('POST', `${repo}/issues`, { token, body: { title: 'Not in the log' } });
    await room.ask('GET', '/repos/octo/slug/nothing/here', { token });
    expect(room.github.requests().at(-2)).toMatchObject({
      operation: 'POST /repos/{owner}/{repo}/issues',
      path: `${repo}/issues`,
      status: 201,
      identity: 'github-actions[bot] (job token)',
    });
    expect(room.github.requestCounts()).toEqual({
      'GET /repos/octo/slug/nothing/here (not served)': 1,
      'POST /repos/{owner}/{repo}/issues': 1,
    });
    const inspected = await (await fetch(`${room.github.url}/_inspector`)).text();
    expect(inspected).toContain('POST /repos/{owner}/{repo}/issues');
    expect(inspected).not.toContain(token);
    expect(inspected).not.toContain('Not in the log');
  });

  test('a body that is no JSON is a 400, a field of the wrong kind a 422 that names it', async () => {
    const send = (body: string) =>
      fetch(`${room.github.apiUrl}${repo}/issues`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${room.tokens.alice}` },
      });
    const broken = await send('{"title":');
    expect([broken.status, await broken.json()]).toMatchObject([400, { message: 'Problems parsing JSON' }]);
    const wrong = await send('{"title": {}}');
    expect([wrong.status, await wrong.json()]).toMatchObject([422, { message: expect.stringContaining("'title'") }]);
    expect((await send('{}')).status).toBe(422);
    expect((await send('{"title":"x","__proto__":{"state":"closed"}}')).status).toBe(201);
  });
});
