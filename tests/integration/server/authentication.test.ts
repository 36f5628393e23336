import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultRunnerEvents, type RunnerPolicy } from '../../../src/domain/access/runner-policy.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { claimOf, coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';
import { jobClaims, type OidcIssuer, oidcIssuer } from '../../fakes/oidc-issuer.ts';

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await oidcIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());

const policy: RunnerPolicy = {
  repositories: [{ glob: 'octo/slug', id: '11' }, { glob: 'acme/*' }],
  workflows: ['octo/slug/.github/workflows/agent.yml@refs/heads/main', 'acme/*/.github/workflows/*@refs/tags/v?'],
  events: defaultRunnerEvents,
};

function scene(): Scene {
  return coordinatorScene({ oidc: { issuer: issuer.url, audience: jobClaims.aud, policy } });
}

const list = '/v1/claims';

describe('an API key', () => {
  test('is asked for, and how to show it is said', async () => {
    await using it = scene();
    const answer = await it.ask('GET', list);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.body).toMatchObject({ code: 'E721', status: 401 });
    expect(answer.body.fix).toContain('Authorization: Bearer');
  });

  test.each([
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['an empty token', 'Bearer '],
    ['something long', `Bearer ${'x'.repeat(20_000)}`],
    ['half a key', 'Bearer entropy_0123456789abcdef_abc'],
    ['a key that nobody made', `Bearer entropy_${'0'.repeat(16)}_${'0'.repeat(64)}`],
  ])('is refused when it is %s', async (_what, authorization) => {
    await using it = scene();
    const answer = await it.ask('GET', list, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(JSON.stringify(answer.body)).not.toContain(authorization.slice(7, 40) || 'nothing');
  });

  test('with another secret is refused like one that is not known', async () => {
    await using it = scene();
    const token = await it.key('viewer');
    const answer = await it.ask('GET', list, { token: `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}` });
    expect(answer).toMatchObject({ status: 401, body: { detail: 'this key is not known' } });
    expect(answer.body.fix).toContain('entropy-playground keys create NAME --role operator');
  });

  test('that has expired is refused', async () => {
    await using it = scene();
    const token = await it.key('viewer', { expiresAt: it.clock.now() + 1_000 });
    expect((await it.ask('GET', list, { token })).status).toBe(200);
    it.clock.advance(1_000);
    expect(await it.ask('GET', list, { token })).toMatchObject({
      status: 401,
      body: { detail: 'this key has expired' },
    });
  });

  test('that is revoked is refused at once', async () => {
    await using it = scene();
    const admin = await it.key('admin');
    const made = await it.ask('POST', '/v1/keys', { token: admin, body: { name: 'ci', role: 'viewer' } });
    expect(made.status).toBe(201);
    const token = made.body.secret;
    expect((await it.ask('GET', list, { token })).status).toBe(200);
    const revoked = await it.ask('DELETE', `/v1/keys/${made.body.key.id}`, { token: admin });
    expect(revoked).toMatchObject({ status: 200, body: { key: { revokedAt: it.clock.now() } } });
    expect(await it.ask('GET', list, { token })).toMatchObject({
      status: 401,
      body: { detail: 'this key is revoked' },
    });
    const again = await it.ask('POST', `/v1/keys/${made.body.key.id}/rotate`, { token: admin, body: {} });
    expect(again).toMatchObject({ status: 409, body: { refusal: { kind: 'revoked' } } });
  });

  test('that is rotated counts beside the new one until the overlap ends', async () => {
    await using it = scene();
    const admin = await it.key('admin');
    const made = await it.ask('POST', '/v1/keys', { token: admin, body: { name: 'ci', role: 'viewer' } });
    const { id } = made.body.key;
    const rotated = await it.ask('POST', `/v1/keys/${id}/rotate`, { token: admin, body: { overlapMs: 5_000 } });
    expect(rotated.body.key).toMatchObject({ id, oldSecretUntil: it.clock.now() + 5_000 });
    for (const token of [made.body.secret, rotated.body.secret]) {
      expect((await it.ask('GET', list, { token })).status).toBe(200);
    }
    it.clock.advance(5_000);
    const old = await it.ask('GET', list, { token: made.body.secret });
    expect(old).toMatchObject({ status: 401, body: { detail: 'this key was replaced by a newer one' } });
    expect((await it.ask('GET', list, { token: rotated.body.secret })).status).toBe(200);
  });

  test('lies in the store as a hash only, and in no line of the log', async () => {
    await using it = scene();
    const admin = await it.key('admin');
    const made = await it.ask('POST', '/v1/keys', { token: admin, body: { name: 'ci', role: 'operator' } });
    const secret = made.body.secret.split('_')[2];
    const stored = await it.keys.find(made.body.key.id);
    expect(stored?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const listed = await it.ask('GET', '/v1/keys', { token: admin });
    expect(JSON.stringify(listed.body)).not.toContain(stored?.hash);
    expect(JSON.stringify(it.log)).not.toContain(secret);
    expect(JSON.stringify(it.log)).not.toContain(admin.split('_')[2]);
  });

  test.each([
    ['viewer', 'POST', '/v1/claims/acquire', 403],
    ['viewer', 'GET', '/v1/claims', 200],
    ['operator', 'POST', '/v1/claims/acquire', 200],
    ['operator', 'GET', '/v1/keys', 403],
    ['operator', 'PUT', '/v1/budget-caps/repository%2Focto%2Fslug', 403],
    ['admin', 'GET', '/v1/keys', 200],
  ] as const)('of a %s asking %s %s is answered by its role', async (role, method, path, status) => {
    await using it = scene();
    const token = await it.key(role);
    const body = path.endsWith('acquire') ? claimOf(1, 'a') : path.includes('caps') ? { caps: {} } : undefined;
    const answer = await it.ask(method, path, { token, body });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'E722' });
  });
});

describe("a workflow job's OIDC token", () => {
  const own = '/v1/claims/github%2Focto%2Fslug%2Fissues%2F1';

  async function claimsWith(token: string, it: Scene) {
    return it.ask('POST', '/v1/claims/acquire', { token, body: claimOf(1, 'a') });
  }

  test('lets the job work on its own repository', async () => {
    await using it = scene();
    const token = await issuer.token(it.clock.now());
    expect((await claimsWith(token, it)).status).toBe(200);
    expect((await it.ask('GET', own, { token })).status).toBe(200);
    expect(it.log.at(-1)).toMatchObject({ caller: 'github/ada' });
  });

  test.each([
    ['POST', '/v1/claims/take-over'],
    ['GET', '/v1/keys'],
    ['PUT', '/v1/budget-caps/repository%2Focto%2Fslug'],
  ])('does not do what only people may: %s %s', async (method, path) => {
    await using it = scene();
    const token = await issuer.token(it.clock.now());
    const { holder, key, ttlMs } = claimOf(1, 'a');
    const body = path.endsWith('take-over') ? { key, holder, leaseId: 'b', ttlMs } : { caps: { microUsd: 1 } };
    const answer = await it.ask(method, path, { token, ...(method === 'GET' ? {} : { body }) });
    expect(answer).toMatchObject({ status: 403, body: { code: 'E722' } });
  });

  test('draws from the budgets that the coordinator names, also when the job names others or none', async () => {
    await using it = scene();
    const token = await issuer.token(it.clock.now());
    const admin = await it.key('admin');
    const scope = 'repository%2Focto%2Fslug';
    await it.ask('PUT', `/v1/budget-caps/${scope}`, { token: admin, body: { caps: { runs: 1 } } });
    expect((await claimsWith(token, it)).status).toBe(200);
    const another = {
      ...claimOf(2, 'b'),
      reserve: {
        draws: [{ key: 'repository/octo/slug/day/2026-11-21', caps: {} }],
        amounts: { ...nothing, microUsd: 1 },
      },
    };
    const refused = await it.ask('POST', '/v1/claims/acquire', { token, body: another });
    expect(refused).toMatchObject({
      status: 409,
      body: { refusal: { kind: 'over-budget', shortage: { limit: 'runs' } } },
    });
    const silent = await it.ask('POST', '/v1/claims/acquire', { token, body: claimOf(3, 'c') });
    expect(silent.status).toBe(409);
  });

  test('claims nothing as a person, for that would never run out', async () => {
    await using it = scene();
    const token = await issuer.token(it.clock.now());
    const { holder, ...claim } = claimOf(1, 'a');
    const next = { agent: { id: 'coder/a', role: 'coder', version: '1', model: 'm' }, runId: 'a', leaseId: 'a' };
    const asked = [
      ['/v1/claims/acquire', { ...claim, holder: { ...holder, kind: 'human' } }],
      ['/v1/tasks/next', { ...next, ttlMs: 1_000, kind: 'human', reason: '', amounts: nothing }],
    ] as const;
    for (const [path, body] of asked) {
      const answer = await it.ask('POST', path, { token, body });
      expect(answer).toMatchObject({ status: 403, body: { code: 'E722' } });
      expect(answer.body.detail).toContain('no person');
    }
    expect(await it.coordination.activity.read({ limit: 10 })).toEqual([]);
  });

  test.each([
    ['made for another audience', { aud: 'https://elsewhere.example' }, 'another audience'],
    ['made by another issuer', { iss: 'https://token.actions.githubusercontent.com' }, 'another issuer'],
    ['without an expiry', { exp: undefined }, 'exp'],
    ['without a repository', { repository: undefined }, 'lacks what GitHub says'],
    ['with a repository that is none', { repository: 'octo/slug/../evil' }, 'lacks what GitHub says'],
  ])('%s is refused', async (_what, claims, why) => {
    await using it = scene();
    const answer = await claimsWith(await issuer.token(it.clock.now(), claims), it);
    expect(answer.status).toBe(401);
    expect(answer.body.detail).toContain(why);
  });

  test('is refused a minute after it expired, and accepted within that minute', async () => {
    await using it = scene();
    const token = await issuer.token(it.clock.now());
    it.clock.advance(300_000 + 59_000);
    expect((await claimsWith(token, it)).status).toBe(200);
    it.clock.advance(2_000);
    const answer = await claimsWith(token, it);
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.body.detail).toContain('expired');
  });

  test('that is not valid for more than a minute yet is refused', async () => {
    await using it = scene();
    const soon = Math.floor(it.clock.now() / 1_000);
    expect((await claimsWith(await issuer.token(it.clock.now(), { nbf: soon + 59 }), it)).status).toBe(200);
    const answer = await claimsWith(await issuer.token(it.clock.now(), { nbf: soon + 62 }), it);
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.body.detail).toContain('not valid yet');
  });

  test('signed by somebody else is refused', async () => {
    await using it = scene();
    const answer = await claimsWith(await issuer.token(it.clock.now(), {}, { signedBy: 'stranger' }), it);
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.body.detail).toContain('signature');
  });

  test('changed after it was signed is refused', async () => {
    await using it = scene();
    const [header, payload = '', signature] = (await issuer.token(it.clock.now())).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, repository: 'acme/one' })).toString('base64url');
    expect(await claimsWith(`${header}.${forged}.${signature}`, it)).toMatchObject({ status: 401 });
  });

  test('with the algorithm "none" is refused', async () => {
    await using it = scene();
    const [, payload] = (await issuer.token(it.clock.now())).split('.');
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const answer = await claimsWith(`${header}.${payload}.`, it);
    expect(answer).toMatchObject({ status: 401 });
  });

  test("signed with the issuer's public key as a shared secret is refused", async () => {
    await using it = scene();
    const keys = await (await fetch(`${issuer.url}/.well-known/jwks`)).text();
    const [, payload] = (await issuer.token(it.clock.now())).split('.');
    const header = Buffer.from('{"alg":"HS256","kid":"key-1","typ":"JWT"}').toString('base64url');
    const signature = createHmac('sha256', keys).update(`${header}.${payload}`).digest('base64url');
    expect(await claimsWith(`${header}.${payload}.${signature}`, it)).toMatchObject({ status: 401 });
  });

  test('with a key that the issuer does not have is refused, and does not make us ask for keys each time', async () => {
    await using it = scene();
    await claimsWith(await issuer.token(it.clock.now()), it);
    const before = issuer.keyRequests();
    for (let round = 0; round < 5; round += 1) {
      const token = await issuer.token(it.clock.now(), {}, { header: { kid: `other-${round}` } });
      const answer = await claimsWith(token, it);
      expect(answer).toMatchObject({ status: 401 });
      expect(answer.body.detail).toContain('no such key');
    }
    expect(issuer.keyRequests() - before).toBeLessThanOrEqual(1);
  });

  test.each([
    ['repository', { repository: 'evil/slug', repository_id: '99' }],
    ['repository', { repository: 'octo/slug', repository_id: '12' }],
    ['repository', { repository: 'octo/slug-two', repository_id: '13' }],
    ['workflow', { job_workflow_ref: 'octo/slug/.github/workflows/agent.yml@refs/heads/other' }],
    ['workflow', { job_workflow_ref: 'evil/slug/.github/workflows/agent.yml@refs/heads/main' }],
    ['workflow', { job_workflow_ref: 'octo/slug/.github/workflows/agent.yml@refs/heads/main/x' }],
    ['event', { event_name: 'pull_request_target' }],
    ['event', { event_name: 'push' }],
  ])('whose %s is not allowed is forbidden: %j', async (what, claims) => {
    await using it = scene();
    const answer = await claimsWith(await issuer.token(it.clock.now(), claims), it);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`the ${what} `);
    expect(answer.body.fix).toContain(`--allow-${what}`);
  });

  test('is allowed by the workflow file itself where no reusable one is called', async () => {
    await using it = scene();
    const token = await issuer.token(it.clock.now(), { job_workflow_ref: undefined });
    expect((await claimsWith(token, it)).status).toBe(200);
  });

  test.each([
    ['POST', '/v1/claims/acquire', claimOf(1, 'a', 'acme/one')],
    ['POST', '/v1/claims/acquire', claimOf(1, 'a', 'octo/slug-two')],
    ['POST', '/v1/claims/acquire', { ...claimOf(1, 'a'), key: 'locks/deploy' }],
    ['GET', '/v1/claims?prefix=github/acme/', undefined],
    ['GET', '/v1/tasks/github%2Facme%2Fone%2Fissues%2F1', undefined],
    ['GET', '/v1/budgets/repository%2Facme%2Fone', undefined],
    ['GET', '/v1/activity?task=github/acme/one/issues/1', undefined],
    ['GET', '/v1/agents', undefined],
    ['GET', '/v1/keys', undefined],
    ['GET', '/metrics', undefined],
    ['POST', '/v1/messages/receive', { to: 'reviewer', limit: 1, visibilityMs: 1_000 }],
  ])('of octo/slug is forbidden to %s %s', async (method, path, body) => {
    await using it = scene();
    const answer = await it.ask(method, path, { token: await issuer.token(it.clock.now()), body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'E722' } });
  });

  test('is told to come again when the issuer cannot be asked for its keys', async () => {
    await using other = await oidcIssuer();
    await using it = coordinatorScene({ oidc: { issuer: other.url, audience: jobClaims.aud, policy } });
    const token = await other.token(it.clock.now());
    other.fail(true);
    const answer = await claimsWith(token, it);
    expect(answer).toMatchObject({ status: 503, body: { retryable: true } });
    expect(answer.headers.get('retry-after')).toBe('2');
    other.fail(false);
    expect((await claimsWith(token, it)).status).toBe(200);
  });

  test('is no key where tokens are not let in', async () => {
    await using it = coordinatorScene();
    expect(await claimsWith(await issuer.token(it.clock.now()), it)).toMatchObject({ status: 401 });
  });
});
