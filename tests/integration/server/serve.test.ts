import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startCoordinator } from '../../../src/runtime/coordinator-server.ts';
import { claimOf } from '../../fakes/coordinator-scene.ts';
import { serve } from '../../fakes/serve-process.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

function acquire(url: string, key: string, issue: number): Promise<Response> {
  return fetch(`${url}/v1/claims/acquire`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(claimOf(issue, `run-${issue}`)),
  });
}

describe('entropy-playground serve', () => {
  test('tells its address and the first admin key once, keeps the state, and drains on SIGTERM', async () => {
    using folder = tempFolder({});
    const state = path.join(folder.root, 'state.sqlite');
    {
      await using first = await serve(state);
      const key = first.adminKey ?? '';
      expect(key).toMatch(/^entropy_[0-9a-f]{16}_[0-9a-f]{64}$/);
      expect((await acquire(first.url, key, 1)).status).toBe(200);

      const stream = await fetch(`${first.url}/v1/activity`, {
        headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      });
      const events = stream.text();
      await expect.poll(() => first.stderr()).toContain('/v1/claims/acquire 200');
      first.child.kill('SIGTERM');
      const [code] = await once(first.child, 'exit');
      expect(code).toBe(0);
      expect(await events).toContain('event: claim.acquired');
      expect(first.stderr()).not.toContain(key.split('_')[2]);
      await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();

      await using second = await serve(state);
      expect(second.adminKey).toBeNull();
      const claims = await fetch(`${second.url}/v1/claims`, { headers: { authorization: `Bearer ${key}` } });
      expect(await claims.json()).toMatchObject({ claims: [{ key: 'github/octo/slug/issues/1', fence: 1 }] });
      second.child.kill('SIGTERM');
      await once(second.child, 'exit');
    }
    await using third = await serve(state, '--new-admin-key', '--log', 'json');
    const claims = await fetch(`${third.url}/v1/claims`, { headers: { authorization: `Bearer ${third.adminKey}` } });
    expect(claims.status).toBe(200);
    await expect.poll(() => third.stderr()).toContain('"endpoint":"listClaims"');
  });
});

describe('the server on Node', () => {
  async function running(limits = {}) {
    const coordinator = await startCoordinator({
      stateFile: ':memory:',
      host: '127.0.0.1',
      port: 0,
      adminKey: 'if-none',
      addressFrom: 'socket',
      log: () => undefined,
      limits,
    });
    return { ...coordinator, key: coordinator.adminKey ?? '', [Symbol.asyncDispose]: () => coordinator.close(1_000) };
  }

  /** What comes back for these bytes, until the other side closes. */
  async function raw(url: string, bytes: string): Promise<string> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text;
  }

  test('tells that its port is taken', async () => {
    await using first = await running();
    const again = startCoordinator({
      stateFile: ':memory:',
      host: '127.0.0.1',
      port: Number(new URL(first.url).port),
      adminKey: 'if-none',
      addressFrom: 'socket',
      log: () => undefined,
    });
    await expect(again).rejects.toMatchObject({ code: 'E727' });
  });

  test('answers what is no HTTP and goes on', async () => {
    await using it = await running();
    expect(await raw(it.url, 'NONSENSE\r\n\r\n')).toContain('400');
    const huge = `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(64_000)}\r\n\r\n`;
    expect(await raw(it.url, huge)).toContain('431');
    expect(await raw(it.url, 'GET /healthz HTTP/1.1\r\nhost: a b c\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 [24]00/,
    );
    const both =
      'POST /v1/keys HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await raw(it.url, both)).toContain('400');
    expect((await fetch(`${it.url}/healthz`)).status).toBe(200);
  });

  test('cuts a body that is larger than it says and one that never ends', async () => {
    await using it = await running({ bodyMs: 200 });
    const head = [
      'POST /v1/claims/acquire HTTP/1.1',
      'host: a',
      `authorization: Bearer ${it.key}`,
      'content-type: application/json',
      'transfer-encoding: chunked',
    ].join('\r\n');
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    expect(await raw(it.url, `${head}\r\n\r\n${chunk.repeat(20)}`)).toContain('413');
    expect(await raw(it.url, `${head}\r\n\r\n1\r\n{\r\n`)).toContain('408');
  });

  test('finishes what is in flight before it closes, and cuts what does not end in time', async () => {
    const it = await running();
    const answers = Array.from({ length: 50 }, (_, issue) => acquire(it.url, it.key, issue + 1));
    await answers[0];
    const stuck = connect(Number(new URL(it.url).port), '127.0.0.1');
    stuck.write(
      `POST /v1/claims/acquire HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${it.key}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    );
    await once(stuck, 'connect');
    stuck.on('error', () => undefined);
    const statuses = await Promise.all(answers).then((all) => all.map(({ status }) => status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const before = performance.now();
    await it.close(300);
    expect(performance.now() - before).toBeLessThan(5_000);
    await expect(fetch(`${it.url}/healthz`)).rejects.toThrow();
  });
});
