import { describe, expect, test } from 'vitest';
import { claimOf, coordinatorScene } from '../../fakes/coordinator-scene.ts';

const acquire = '/v1/claims/acquire';
const release = '/v1/claims/release';

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

describe('a hostile body', () => {
  test.each([
    ['no JSON', '{"key":', 400, 'not JSON'],
    ['nothing', ' ', 400, 'not JSON'],
    ['NaN', '{"ttlMs":NaN}', 400, 'not JSON'],
    ['a number that no double holds', '{"ttlMs":1e999}', 400, 'too large'],
    ['nested a hundred levels deep', nested(100), 400, 'nested deeper than 32'],
    ['nested a hundred thousand levels deep', '['.repeat(100_000), 400, 'nested deeper than 32'],
    ['with __proto__', '{"__proto__":{"role":"admin"}}', 400, '__proto__'],
    ['with __proto__ in disguise', '{"\\u005f_proto__":1}', 400, '__proto__'],
    ['with a name twice', '{"key":"a","\\u006bey":"b"}', 400, 'same name twice'],
    ['half a surrogate pair', '{"key":"\\ud800"}', 400, 'surrogate'],
    ['an array', '[]', 400, 'not what this endpoint takes'],
    [
      'with a member too many',
      JSON.stringify({ ...claimOf(1, 'a'), admin: true }),
      400,
      'not what this endpoint takes',
    ],
    ['with a key that climbs', JSON.stringify({ ...claimOf(1, 'a'), key: 'github/../x' }), 400, 'not what'],
    ['larger than a mebibyte', JSON.stringify({ key: 'x'.repeat(1_100_000) }), 413, 'larger than'],
  ])('%s is refused', async (_what, body, status, detail) => {
    await using it = coordinatorScene();
    const answer = await it.ask('POST', acquire, { token: await it.key('operator'), body });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(detail);
    expect(it.log.filter(({ event }) => event === 'fault')).toEqual([]);
  });

  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json; charset=UTF-8', 200],
    ['application/JSON', 200],
  ])('of the type %s is answered with %s', async (type, status) => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const answer = await it.ask('POST', acquire, { token, body: claimOf(1, 'a'), headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
  });

  test('that is compressed is refused', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const headers = { 'content-encoding': 'gzip' };
    expect(await it.ask('POST', acquire, { token, body: claimOf(1, 'a'), headers })).toMatchObject({ status: 415 });
  });

  test('that never ends is cut off', async () => {
    await using it = coordinatorScene({ limits: { bodyMs: 50 } });
    const token = await it.key('operator');
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"key":"')),
    });
    const response = await it.app.request(acquire, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    });
    expect(response.status).toBe(408);
  });

  test('of a caller who may not ask is not even read', async () => {
    await using it = coordinatorScene();
    const answer = await it.ask('POST', acquire, { token: await it.key('viewer'), body: '['.repeat(10_000) });
    expect(answer.status).toBe(403);
  });

  test('names every place that is wrong, and repeats none of it', async () => {
    await using it = coordinatorScene();
    const body = { ...claimOf(1, 'a'), ttlMs: -1, holder: { kind: 'robot-with-a-secret' } };
    const answer = await it.ask('POST', acquire, { token: await it.key('operator'), body });
    const places = answer.body.problems.map(({ at }: { readonly at: string }) => at);
    expect(places).toContain('/ttlMs');
    expect(places).toContain('/holder/owner');
    expect(JSON.stringify(answer.body)).not.toContain('robot-with-a-secret');
  });
});

describe('an address', () => {
  test('that is not there is 404, with a method that it does not know 405', async () => {
    await using it = coordinatorScene();
    const token = await it.key('admin');
    expect(await it.ask('GET', '/v1/nothing', { token })).toMatchObject({ status: 404, body: { code: 'E100' } });
    const answer = await it.ask('DELETE', '/v1/claims/acquire', { token });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect((await it.ask('GET', '/v1/claims/acquire', { token })).status).toBe(405);
    expect((await it.ask('PUT', '/v1/claims', { token })).headers.get('allow')).toBe('GET');
  });

  test.each(['?limit=0', '?limit=501', '?limit=ten', '?limit=1&limit=2', '?colour=red', '?expired=maybe', '?after=A'])(
    'with the query %s is refused',
    async (query) => {
      await using it = coordinatorScene();
      const answer = await it.ask('GET', `/v1/claims${query}`, { token: await it.key('viewer') });
      expect(answer.status).toBe(400);
    },
  );

  test('with a query that cannot be understood points at the column', async () => {
    await using it = coordinatorScene();
    const answer = await it.ask('GET', '/v1/tasks?q=is:open%20lable:bug', { token: await it.key('viewer') });
    expect(answer).toMatchObject({ status: 400, body: { code: 'E106' } });
    expect(answer.body.detail).toContain('column 9');
    expect(answer.body.fix).toContain('label');
  });
});

describe('an Idempotency-Key', () => {
  test('gives the first answer again, and nothing happens twice', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const ask = { token, body: claimOf(1, 'a'), headers: { 'idempotency-key': 'one' } };
    const first = await it.ask('POST', acquire, ask);
    const { lease } = first.body;
    await it.ask('POST', release, { token, body: { lease } });
    const again = await it.ask('POST', acquire, ask);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await it.coordination.claims.read(lease.key)).toMatchObject({ state: 'free', fence: 1 });
  });

  test('keeps refusals too', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    await it.ask('POST', acquire, { token, body: claimOf(1, 'a') });
    const ask = { token, body: claimOf(1, 'b'), headers: { 'idempotency-key': 'two' } };
    const refused = await it.ask('POST', acquire, ask);
    expect(refused).toMatchObject({ status: 409, body: { refusal: { kind: 'refused', record: { fence: 1 } } } });
    expect((await it.ask('POST', acquire, ask)).body).toEqual(refused.body);
  });

  test('with another body is refused', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const headers = { 'idempotency-key': 'three' };
    await it.ask('POST', acquire, { token, body: claimOf(1, 'a'), headers });
    const other = await it.ask('POST', acquire, { token, body: claimOf(2, 'a'), headers });
    expect(other).toMatchObject({ status: 422, body: { code: 'E733' } });
  });

  test('of one caller means nothing to another', async () => {
    await using it = coordinatorScene();
    const headers = { 'idempotency-key': 'four' };
    await it.ask('POST', acquire, { token: await it.key('operator'), body: claimOf(1, 'a'), headers });
    const other = await it.ask('POST', acquire, { token: await it.key('operator'), body: claimOf(2, 'b'), headers });
    expect(other.status).toBe(200);
  });

  test('of requests at the same time lets one of them do the work', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const ask = { token, body: claimOf(1, 'a'), headers: { 'idempotency-key': 'five' } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => it.ask('POST', acquire, ask)));
    const worked = answers.filter(({ headers, status }) => status === 200 && !headers.has('idempotency-replayed'));
    expect(worked).toHaveLength(1);
    for (const { status, headers } of answers) {
      expect([200, 409]).toContain(status);
      if (status === 409) expect(headers.get('retry-after')).toBe('1');
    }
    const events = await it.coordination.activity.read({ limit: 10 });
    expect(events.map(({ change }) => change.type)).toEqual(['claim.acquired', 'budget.reserved']);
  });

  test('is good for a day', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const headers = { 'idempotency-key': 'six' };
    await it.ask('POST', acquire, { token, body: claimOf(1, 'a'), headers });
    it.clock.advance(24 * 60 * 60_000);
    expect(await it.ask('POST', acquire, { token, body: claimOf(2, 'b'), headers })).toMatchObject({ status: 200 });
  });

  test('never keeps a secret: a repeated request for a key says that it was made', async () => {
    await using it = coordinatorScene();
    const ask = {
      token: await it.key('admin'),
      body: { name: 'ci', role: 'viewer' },
      headers: { 'idempotency-key': 'k' },
    };
    const made = await it.ask('POST', '/v1/keys', ask);
    expect(made.status).toBe(201);
    const again = await it.ask('POST', '/v1/keys', ask);
    expect(again).toMatchObject({ status: 409, body: { code: 'E733' } });
    expect(JSON.stringify(again.body)).not.toContain('entropy_');
    expect((await it.keys.list()).filter(({ name }) => name === 'ci')).toHaveLength(1);
  });

  test.each(['', ' ', 'a b', 'x'.repeat(129), 'ü'])('like %j is refused', async (key) => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const headers = { 'idempotency-key': key };
    const answer = await it
      .ask('POST', acquire, { token, body: claimOf(1, 'a'), headers })
      .catch((error: unknown) => error);
    // Some are no header at all; the client's own library refuses them.
    if (!(answer instanceof TypeError)) expect(answer).toMatchObject({ status: 400 });
  });
});

describe('a caller', () => {
  test('who sends more than its share is told when to come again, and others are not held up', async () => {
    await using it = coordinatorScene({ limits: { callerRate: { burst: 3, perSecond: 1 } } });
    const [token, other] = [await it.key('viewer'), await it.key('viewer')];
    for (let round = 0; round < 3; round += 1) expect((await it.ask('GET', '/v1/claims', { token })).status).toBe(200);
    const answer = await it.ask('GET', '/v1/claims', { token });
    expect(answer).toMatchObject({ status: 429, body: { code: 'E724', retryable: true } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await it.ask('GET', '/v1/claims', { token: other })).status).toBe(200);
    it.clock.advance(1_000);
    expect((await it.ask('GET', '/v1/claims', { token })).status).toBe(200);
  });

  test('who guesses keys is not listened to any more, from that address only', async () => {
    await using it = coordinatorScene({ limits: { addressRate: { burst: 5, perSecond: 1 } } });
    const token = await it.key('viewer');
    const from = (address: string, shown: string) =>
      it.ask('GET', '/v1/claims', { token: shown, headers: { 'x-test-address': address } });
    for (let round = 0; round < 5; round += 1) expect((await from('198.51.100.1', 'entropy_guess')).status).toBe(401);
    expect((await from('198.51.100.1', 'entropy_guess')).status).toBe(429);
    expect((await from('198.51.100.1', token)).status).toBe(429);
    expect((await from('198.51.100.2', token)).status).toBe(200);
  });

  test('speaks for its agent, but not in a name that the coordinator gives', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    const mirrored = (actor: string, updatedAt: number) =>
      it.ask('POST', '/v1/tasks/mirror', { token, body: { issue: { ...issue, updatedAt }, actor } });
    await mirrored('coder/1', 1);
    await mirrored('key/somebody-else', 2);
    await mirrored('sweeper', 3);
    const actors = (await it.coordination.activity.read({ limit: 10 })).map(({ actor }) => actor);
    expect(actors).toEqual(['coder/1', 'key/operator-1', 'key/operator-1']);
  });

  test('gets security headers, a request id and no word about what serves', async () => {
    await using it = coordinatorScene();
    const { headers } = await it.ask('GET', '/healthz');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-request-id')).toBe('id-1');
    expect(headers.has('access-control-allow-origin')).toBe(false);
    expect(headers.has('server')).toBe(false);
    expect(it.log[0]).toMatchObject({
      event: 'request',
      request: 'id-1',
      path: '/healthz',
      status: 200,
      endpoint: 'health',
    });
  });
});

const issue = {
  repository: 'octo/slug',
  number: 1,
  kind: 'issue',
  title: 'a title',
  body: '',
  author: 'ada',
  forgeState: 'open',
  labels: [],
  assignees: [],
  comments: 0,
  createdAt: 1,
  updatedAt: 1,
};

describe('a fault', () => {
  test('is told by its id only; the log has the rest', async () => {
    await using it = coordinatorScene();
    const token = await it.key('viewer');
    await it.coordination[Symbol.asyncDispose]();
    const answer = await it.ask('GET', '/v1/claims', { token });
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'E720', instance: 'id-1' });
    expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|database|\.ts/i);
    expect(it.log.find(({ event }) => event === 'fault')).toMatchObject({ request: 'id-1' });
  });
});
