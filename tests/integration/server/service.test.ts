import { describe, expect, test } from 'vitest';
import { createRoutes } from '../../../src/server/routes/all.ts';
import { endpoints } from '../../../src/wire/endpoints/all.ts';
import { claimOf, coordinatorScene } from '../../fakes/coordinator-scene.ts';

describe('a coordinator', () => {
  test('says that it lives, and that it is ready while its store can be written to', async () => {
    await using it = coordinatorScene();
    expect(await it.ask('GET', '/healthz')).toMatchObject({
      status: 200,
      body: { status: 'ok', version: '0.0.0-test' },
    });
    expect(await it.ask('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    await it.coordination[Symbol.asyncDispose]();
    it.clock.advance(2_000);
    const answer = await it.ask('GET', '/readyz');
    expect(answer).toMatchObject({ status: 503, body: { retryable: true } });
    expect(JSON.stringify(answer.body)).not.toContain('sqlite');
    expect((await it.ask('GET', '/healthz')).status).toBe(200);
  });

  test('is not ready any more when it is about to end', async () => {
    await using it = coordinatorScene();
    it.stop();
    const answer = await it.ask('GET', '/readyz');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  test('tells figures of all that it holds to a viewer, in as many series whatever is asked for', async () => {
    await using it = coordinatorScene();
    const token = await it.key('operator');
    for (let issue = 1; issue <= 3; issue += 1) {
      await it.ask('POST', '/v1/claims/acquire', { token, body: claimOf(issue, `run-${issue}`) });
    }
    for (const path of ['/a', '/b', '/v1/claims/x', '/v1/claims/y']) await it.ask('GET', path, { token });
    const { body, headers } = await it.ask('GET', '/metrics', { token: await it.key('viewer') });
    expect(headers.get('content-type')).toContain('version=0.0.4');
    expect(body).toContain('entropy_claims_held{kind="agent"} 3');
    expect(body).toContain('entropy_requests_total{endpoint="acquireClaim",status="2xx"} 3');
    expect(body).toContain('entropy_requests_total{endpoint="none",status="4xx"} 2');
    expect(body).toContain('entropy_requests_total{endpoint="readClaim",status="4xx"} 2');
    expect(body).not.toContain('/a');
    expect((await it.ask('GET', '/metrics')).status).toBe(401);
  });

  test('shows its document as a page that may run nothing', async () => {
    await using it = coordinatorScene();
    const page = await it.ask('GET', '/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.body).toContain('POST</b><code>/v1/claims/acquire');
    expect((await it.ask('GET', '/openapi.json')).body).toMatchObject({
      openapi: '3.1.0',
      info: { version: '0.0.0-test' },
    });
  });

  test('leads a browser from its bare address to that page, and has nothing there for programs', async () => {
    await using it = coordinatorScene();
    const browser = await it.ask('GET', '/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(browser.status).toBe(302);
    expect(browser.headers.get('location')).toBe('/docs');
    expect((await it.ask('GET', '/docs')).status).toBe(200);
    for (const headers of [{}, { accept: 'application/json' }, { accept: '*/*' }]) {
      const program = await it.ask('GET', '/', { headers });
      expect(program).toMatchObject({ status: 404, body: { status: 404, code: 'E100' } });
      expect(program.body.fix).toContain('/docs');
    }
    expect((await it.ask('POST', '/', { headers: { accept: 'text/html' } })).status).toBe(404);
  });

  test('has a handler for every endpoint of its protocol, each once', () => {
    const parts = { coordination: {}, access: {}, limits: {} } as unknown as Parameters<typeof createRoutes>[0];
    const handled = createRoutes(parts, { observe: () => undefined, render: () => '' }).map(
      ({ endpoint }) => endpoint.id,
    );
    expect([...handled].sort()).toEqual(endpoints.map(({ id }) => id).sort());
  });
});
