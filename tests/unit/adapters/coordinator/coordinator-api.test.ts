import { describe, expect, it } from 'vitest';
import { apiKeyToken, type CallerToken, jobToken } from '../../../../src/adapters/coordinator/caller-token.ts';
import { createCoordinatorClient } from '../../../../src/adapters/coordinator/coordinator-client.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { cut, type HttpStep, json, type ScriptedHttp, scriptedHttp } from '../../../fakes/scripted-http.ts';

const lease = { key: 'github/octo/slug/issues/1', leaseId: 'l', fence: 1, expiresAt: 1 };

function client(server: ScriptedHttp, more: { token?: CallerToken; deadlineMs?: number; attemptMs?: number } = {}) {
  const clock = instantClock();
  const log: string[] = [];
  let ids = 0;
  const made = createCoordinatorClient({
    url: server.url,
    token: apiKeyToken('the-key'),
    userAgent: 'test/1',
    clock,
    newId: () => `call-${++ids}`,
    signal: new AbortController().signal,
    log: (line) => log.push(line),
    ...more,
  });
  return { ...made, clock, log };
}

const renewed = json(200, { lease: { ...lease, expiresAt: 2 } });
const problem = (status: number, code: string, more: object = {}): HttpStep =>
  json(status, { type: 'x', title: 't', status, detail: 'said so', code, fix: 'do this', instance: 'req-9', ...more });

describe('a call to the coordinator', () => {
  it('shows the key and one Idempotency-Key, and gives the answer of the wire', async () => {
    await using server = await scriptedHttp([renewed]);
    expect(await client(server).claims.renew(lease, 1_000, true)).toEqual({ ...lease, expiresAt: 2 });
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/v1/claims/renew',
      headers: { authorization: 'Bearer the-key', 'idempotency-key': 'call-1', 'user-agent': 'test/1' },
    });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ lease, ttlMs: 1_000, progress: true });
  });

  it('is repeated under the same Idempotency-Key when the answer was lost or the server is in trouble', async () => {
    await using server = await scriptedHttp([cut, json(503, {}), json(502, {}), renewed]);
    const caller = client(server);
    expect(await caller.claims.renew(lease, 1_000)).toMatchObject({ expiresAt: 2 });
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['call-1']));
    expect(caller.clock.sleeps).toEqual([250, 500, 1_000]);
    expect(caller.log[0]).toContain('could not be reached; asking again');
  });

  it('waits as long as a rate limit says', async () => {
    await using server = await scriptedHttp([json(429, {}, { 'retry-after': '7' }), renewed]);
    const caller = client(server);
    await caller.claims.renew(lease, 1_000);
    expect(caller.clock.sleeps).toEqual([7_000]);
  });

  it('waits for its own first attempt when that is still being worked on, but not for a refusal', async () => {
    const working = json(409, { code: 'E733' }, { 'retry-after': '1' });
    await using server = await scriptedHttp([cut, working, renewed]);
    const caller = client(server);
    expect(await caller.claims.renew(lease, 1_000)).toMatchObject({ expiresAt: 2 });
    expect(caller.clock.sleeps).toEqual([250, 1_000]);
    await using other = await scriptedHttp([problem(409, 'E701', { refusal: { kind: 'stale' } })]);
    expect(await client(other).claims.renew(lease, 1_000)).toBeUndefined();
  });

  it('is given up at its deadline, with what to do', async () => {
    await using server = await scriptedHttp(Array.from({ length: 40 }, () => cut));
    await expect(client(server, { deadlineMs: 5_000 }).claims.renew(lease, 1)).rejects.toMatchObject({
      code: 'E723',
      retryable: true,
      fix: expect.stringContaining('/healthz'),
    });
    expect(server.seen.length).toBeLessThan(10);
  });

  it('gives a server up that fails three times at the same request, and one that never answers', async () => {
    await using failing = await scriptedHttp([500, 500, 500].map((status) => problem(status, 'E900')));
    await expect(client(failing).claims.renew(lease, 1)).rejects.toMatchObject({
      code: 'E900',
      why: expect.stringContaining('request req-9'),
    });
    await using silent = await scriptedHttp([() => {}, () => {}, () => {}]);
    await expect(client(silent, { attemptMs: 30, deadlineMs: 600 }).claims.renew(lease, 1)).rejects.toMatchObject({
      code: 'E723',
    });
  });

  it.each([
    [401, 'E734', 'E721'],
    [403, 'E735', 'E722'],
    [404, 'none', 'E726'],
    [400, 'E100', 'E100'],
    [422, 'none', 'E720'],
  ])('answered with %i is an error with the words of the coordinator', async (status, told, code) => {
    await using server = await scriptedHttp([
      problem(status, told, { problems: [{ at: '/ttlMs', message: 'too long' }] }),
    ]);
    await expect(client(server).claims.renew(lease, 1)).rejects.toMatchObject({
      code,
      message: `POST /v1/claims/renew: the coordinator answered ${status}: said so`,
      fix: 'do this',
      why: expect.stringContaining('/ttlMs: too long'),
    });
  });

  it('answered with a refusal of the port is that refusal, not an error', async () => {
    await using server = await scriptedHttp([problem(409, 'E701', { refusal: { kind: 'stale' } })]);
    expect(await client(server).claims.renew(lease, 1)).toBeUndefined();
  });

  it('understands an answer of a newer coordinator that says more than it knows', async () => {
    await using server = await scriptedHttp([json(200, { lease: { ...lease, colour: 'red' }, more: 1 })]);
    expect(await client(server).claims.renew(lease, 1)).toEqual(lease);
  });

  it('never follows a redirect with the key', async () => {
    await using server = await scriptedHttp([(_, response) => void response.writeHead(307, { location: '/x' }).end()]);
    await expect(client(server).claims.renew(lease, 1)).rejects.toMatchObject({ code: 'E720', message: /sends us on/ });
    expect(server.seen).toHaveLength(1);
  });

  it('says so when something else answers at the address', async () => {
    const page: HttpStep = (_, response) => void response.writeHead(200).end('<html>Please log in</html>');
    await using server = await scriptedHttp([
      page,
      (_, response) => void response.writeHead(404).end('\u001b[31mnginx'),
    ]);
    await expect(client(server).claims.renew(lease, 1)).rejects.toMatchObject({ code: 'E720' });
    const refused = client(server).claims.renew(lease, 1);
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('\u001b') });
  });

  it('never tells the key in an error or in the log', async () => {
    await using server = await scriptedHttp([cut, problem(401, 'E734')]);
    const caller = client(server);
    const error: unknown = await caller.claims.renew(lease, 1).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, String(error), caller.log])).not.toContain('the-key');
  });
});

describe('a job without a key', () => {
  const token = (exp: number): string => `x.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.y${exp}`;

  it('shows GitHub’s token for this coordinator, and asks for another one when it is about to end', async () => {
    const clock = instantClock();
    const first = Math.floor(clock.now() / 1_000) + 300;
    await using issuer = await scriptedHttp([
      json(200, { value: token(first) }),
      json(200, { value: token(first + 300) }),
    ]);
    const requestUrl = `${issuer.url}/idtoken?api-version=2.0`;
    const job = jobToken({ requestUrl, requestToken: 'ask', audience: 'https://agents.example.com', clock });
    const { signal } = new AbortController();
    expect(await job.current(signal)).toBe(token(first));
    expect(await job.current(signal)).toBe(token(first));
    clock.advance(241_000);
    expect(await job.current(signal)).toBe(token(first + 300));
    expect(issuer.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/idtoken?api-version=2.0&audience=https%3A%2F%2Fagents.example.com', 'bearer ask'],
      ['/idtoken?api-version=2.0&audience=https%3A%2F%2Fagents.example.com', 'bearer ask'],
    ]);
  });

  it('is asked for once more when the coordinator does not accept it, and not for ever', async () => {
    const clock = instantClock();
    const exp = Math.floor(clock.now() / 1_000) + 300;
    await using issuer = await scriptedHttp([json(200, { value: token(exp) }), json(200, { value: token(exp + 1) })]);
    const job = jobToken({ requestUrl: issuer.url, requestToken: 'ask', audience: 'x', clock });
    await using server = await scriptedHttp([problem(401, 'E734'), renewed]);
    expect(await client(server, { token: job }).claims.renew(lease, 1)).toMatchObject({ expiresAt: 2 });
    await using stubborn = await scriptedHttp([problem(401, 'E734')]);
    const key = client(stubborn).claims.renew(lease, 1);
    await expect(key).rejects.toMatchObject({ code: 'E721' });
  });

  it('that may not ask for a token is told which permission to add', async () => {
    const clock = instantClock();
    await using issuer = await scriptedHttp([json(403, {})]);
    const job = jobToken({ requestUrl: issuer.url, requestToken: 'ask', audience: 'x', clock });
    await expect(job.current(new AbortController().signal)).rejects.toMatchObject({
      code: 'E721',
      fix: expect.stringContaining('id-token: write'),
    });
    const plain = jobToken({ requestUrl: 'http://192.0.2.1/token', requestToken: 'ask', audience: 'x', clock });
    await expect(plain.current(new AbortController().signal)).rejects.toMatchObject({ code: 'E721' });
  });
});
