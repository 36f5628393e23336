import { describe, expect, test } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { claimOf, coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';

/** Reads a stream piece by piece; what is asked for must come. */
async function open(it: Scene, token: string, path = '/v1/activity', headers: Readonly<Record<string, string>> = {}) {
  const left = new AbortController();
  const response = await it.app.request(path, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    signal: left.signal,
  });
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    response,
    leave: () => left.abort(),
    /** Everything so far, as soon as it holds this. */
    until: async (wanted: string): Promise<string> => {
      while (!text.includes(wanted)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream ended before ${wanted}: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
    rest: async (): Promise<string> => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += decoder.decode(value, { stream: true });
      }
    },
  };
}

/** With an admin's key, which reserves nothing unasked: one event each. */
async function acquire(it: Scene, token: string, issue: number): Promise<void> {
  await it.ask('POST', '/v1/claims/acquire', { token, body: claimOf(issue, `run-${issue}`) });
}

const real = { clock: createSystemClock() };

describe('the activity stream', () => {
  test('tells what was, then what comes, each with its position', async () => {
    await using it = coordinatorScene(real);
    const token = await it.key('admin');
    await acquire(it, token, 1);
    const stream = await open(it, token);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(await stream.until('id: 1\n')).toContain('event: claim.acquired\ndata: {"seq":1');
    await acquire(it, token, 2);
    expect(await stream.until('id: 2\n')).toContain('issues/2');
    it.stop();
    await stream.rest();
  });

  test('goes on after the last event that a reader saw', async () => {
    await using it = coordinatorScene(real);
    const token = await it.key('admin');
    for (const issue of [1, 2, 3]) await acquire(it, token, issue);
    const stream = await open(it, token, '/v1/activity?after=0', { 'last-event-id': '2' });
    const text = await stream.until('id: 3\n');
    expect(text).not.toContain('id: 2\n');
    it.stop();
    await stream.rest();
  });

  test('says that it is still there while nothing happens', async () => {
    await using it = coordinatorScene({ ...real, limits: { streamHeartbeatMs: 20 } });
    const stream = await open(it, await it.key('viewer'));
    await stream.until(': still here');
    it.stop();
    await stream.rest();
  });

  test('ends when the process is about to end', async () => {
    await using it = coordinatorScene(real);
    const stream = await open(it, await it.key('viewer'));
    await stream.until('retry: ');
    it.stop();
    expect(await stream.rest()).not.toContain('id:');
  });

  test('is open so many times for one caller, and its place is free when the reader goes', async () => {
    await using it = coordinatorScene({ ...real, limits: { streamsPerCaller: 1 } });
    const token = await it.key('viewer');
    const first = await open(it, token);
    await first.until('retry: ');
    expect((await open(it, token)).response.status).toBe(429);
    first.leave();
    await first.rest();
    const again = await open(it, token);
    expect(again.response.status).toBe(200);
    it.stop();
    await again.rest();
  });

  test('ends after a while, so that whoever may no longer read does not', async () => {
    await using it = coordinatorScene({ ...real, limits: { streamLifeMs: 60 } });
    const key = await it.key('viewer');
    const [only] = await it.keys.list();
    const stream = await open(it, key);
    await stream.until('retry: ');
    await it.keys.revoke(only?.id ?? '', Date.now());
    await stream.rest();
    expect((await open(it, key)).response.status).toBe(401);
  });

  test('gives its place back when it cannot begin, or its reader has gone before it did', async () => {
    await using it = coordinatorScene({ ...real, limits: { streamsPerCaller: 1 } });
    const token = await it.key('viewer');
    const { activity } = it.coordination;
    const { read } = activity;
    Object.assign(activity, { read: () => Promise.reject(new Error('the store is busy')) });
    expect((await open(it, token, '/v1/activity?since=1')).response.status).toBe(500);
    Object.assign(activity, { read });
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    await it.app.request('/v1/activity', { headers, signal: AbortSignal.abort() });
    const stream = await open(it, token);
    expect(stream.response.status).toBe(200);
    it.stop();
    await stream.rest();
  });

  test('reads no further ahead than its reader, and ends one that has stopped reading', async () => {
    await using it = coordinatorScene({ ...real, limits: { streamStallMs: 40 } });
    const token = await it.key('admin');
    for (let issue = 1; issue <= 20; issue += 1) await acquire(it, token, issue);
    const stream = await open(it, token);
    await stream.until('id: 1\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(stream.rest()).rejects.toThrow(/takes nothing/);
  });

  test.each(['-1', 'x', '1e3'])('refuses the position %j', async (position) => {
    await using it = coordinatorScene(real);
    expect(
      (await open(it, await it.key('viewer'), '/v1/activity', { 'last-event-id': position })).response.status,
    ).toBe(400);
  });

  test('tells a limited key only of its repositories', async () => {
    await using it = coordinatorScene(real);
    const admin = await it.key('admin');
    await it.ask('POST', '/v1/claims/acquire', { token: admin, body: claimOf(1, 'a', 'acme/one') });
    await it.ask('POST', '/v1/claims/acquire', { token: admin, body: claimOf(1, 'b', 'octo/slug') });
    const stream = await open(it, await it.key('viewer', { repositories: ['octo/slug'] }));
    expect(await stream.until('id: 2\n')).not.toContain('acme');
    it.stop();
    await stream.rest();
  });
});
