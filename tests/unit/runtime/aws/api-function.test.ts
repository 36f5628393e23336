import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { decideRunner } from '../../../../src/domain/access/runner-policy.ts';
import { dispatchedWorkflow, trustedWorkflows } from '../../../../src/domain/shipped-workflow.ts';
import { gatewayAddress } from '../../../../src/runtime/aws/api-event.ts';
import { apiFunction, policyOf } from '../../../../src/runtime/aws/api-function.ts';
import type { FunctionLog } from '../../../../src/runtime/aws/function-log.ts';
import type { CoordinatorApp } from '../../../../src/server/coordinator-app.ts';
import { claimOf, coordinatorScene } from '../../../fakes/coordinator-scene.ts';

function silent(): FunctionLog & { readonly errors: string[] } {
  const errors: string[] = [];
  const nothing = () => undefined;
  return {
    errors,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (message) => void errors.push(message),
    count: nothing,
    flush: nothing,
  };
}

interface Ask {
  readonly query?: string;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As the HTTP API sends it. */
function eventOf(
  method: string,
  rawPath: string,
  { query = '', body, isBase64Encoded = false, headers = {} }: Ask = {},
) {
  const http = { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    headers: { ...headers },
    requestContext: { http, domainName: 'api.example.com', requestId: 'request-1' },
    isBase64Encoded,
    ...(body === undefined ? {} : { body }),
  } as unknown as APIGatewayProxyEventV2;
}

const key = 'github/octo/slug/issues/1';

describe('the coordinator behind the HTTP API', () => {
  it('answers as it does on one machine, whether the gateway decoded the path or not', async () => {
    await using scene = coordinatorScene();
    const handler = apiFunction({ app: scene.app, log: silent() });
    const authorization = `Bearer ${await scene.key('operator')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const body = JSON.stringify(claimOf(1, 'a'));
    const encoded = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true, headers };
    expect((await handler(eventOf('POST', '/v1/claims/acquire', encoded))).statusCode).toBe(200);
    for (const path of [`/v1/claims/${key}`, `/v1/claims/${encodeURIComponent(key)}`]) {
      const read = await handler(eventOf('GET', path, { headers }));
      expect(read.statusCode).toBe(200);
      expect(JSON.parse(read.body ?? '')).toMatchObject({ claim: { key } });
    }
    const listed = await handler(eventOf('GET', '/v1/claims', { headers, query: 'prefix=github%2Focto%2Fslug%2F' }));
    expect(JSON.parse(listed.body ?? '').claims).toHaveLength(1);
  });

  it('asks for a credential, and knows no address but its own', async () => {
    await using scene = coordinatorScene();
    const handler = apiFunction({ app: scene.app, log: silent() });
    expect((await handler(eventOf('GET', '/v1/claims'))).statusCode).toBe(401);
    expect((await handler(eventOf('GET', '/v1/nothing/here'))).statusCode).toBe(404);
    expect((await handler(eventOf('GET', '/healthz', { body: 'a body that GET has not' }))).statusCode).toBe(200);
  });

  it('takes a webhook for what it is: not its business', async () => {
    await using scene = coordinatorScene({ github: { webhookSecrets: [] } });
    const handler = apiFunction({ app: scene.app, log: silent() });
    const sent = { body: '{}', headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
    expect((await handler(eventOf('POST', '/v1/webhooks/github', sent))).statusCode).toBe(401);
  });

  it('tells what to do about an answer that is too large to be handed on', async () => {
    const app = new Hono().get('/*', (context) => context.text('x'.repeat(6_000_000))) as unknown as CoordinatorApp;
    const log = silent();
    const result = await apiFunction({ app, log })(eventOf('GET', '/v1/tasks'));
    expect(result).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(result.body ?? '')).toMatchObject({ code: 'E720', fix: expect.stringContaining('limit') });
    expect(log.errors).toEqual(['an answer was too large']);
  });

  it('counts a caller by the address that the gateway saw, not by a header', async () => {
    const seen: string[] = [];
    const app = new Hono().get('/*', (context) => {
      seen.push(gatewayAddress(context.env));
      return context.text('');
    }) as unknown as CoordinatorApp;
    const handler = apiFunction({ app, log: silent() });
    await handler(eventOf('GET', '/', { headers: { 'x-forwarded-for': '198.51.100.1' } }));
    expect(seen).toEqual(['203.0.113.7']);
    expect(gatewayAddress(undefined)).toBe('unknown');
  });

  it('hears events in a stream as soon as there are some, not at the end of its life', async () => {
    await using scene = coordinatorScene({ limits: { streamEnds: 'quiet', streamHeartbeatMs: 1_000 } });
    const authorization = `Bearer ${await scene.key('viewer')}`;
    await scene.coordination.budgets.setCaps('repository/octo/slug/day', { microUsd: 1 }, 'key/admin');
    const handler = apiFunction({ app: scene.app, log: silent() });
    const asked = handler(eventOf('GET', '/v1/activity', { headers: { authorization, accept: 'text/event-stream' } }));
    const answered = asked.then(({ body }) => body);
    for (let waited = 0; waited < 100; waited += 1) {
      scene.clock.advance(1_000);
      const done = await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 20, undefined))]);
      if (done !== undefined) break;
    }
    expect(await answered).toContain('event: budget.limited');
  });
});

describe('who may speak there', () => {
  const claims = {
    repositoryId: '1',
    repositoryOwnerId: '21',
    actor: 'ada',
    workflowRunId: '1',
    workflowRunAttempt: 1,
    workflowRef: 'octo/slug/.github/workflows/agent.yml@refs/heads/main',
    event: 'workflow_dispatch',
  };

  it('is every repository of the owners, and the central one for all of them', () => {
    const policy = policyOf({
      owners: [{ login: 'octo' }],
      runnerRepository: { owner: 'Octo', name: 'Agents' },
      trustedWorkflows,
    });
    expect(decideRunner({ ...claims, repository: 'octo/slug' }, policy)).toMatchObject({ kind: 'runner' });
    expect(decideRunner({ ...claims, repository: 'octopus/slug' }, policy)).toMatchObject({ what: 'repository' });
    const own = decideRunner({ ...claims, repository: 'octo/slug' }, policy);
    expect(own.kind === 'runner' && own.caller.owners).toBeUndefined();
    const workflowRef = `${dispatchedWorkflow}@refs/tags/v1`;
    expect(decideRunner({ ...claims, repository: 'octo/agents', workflowRef }, policy)).toMatchObject({
      caller: { owners: ['octo'] },
    });
    // Any other workflow of that repository, on any branch of it, speaks for its own alone.
    const other = decideRunner({ ...claims, repository: 'octo/agents' }, policy);
    expect(other.kind === 'runner' && other.caller.owners).toBeUndefined();
  });

  it('is not an owner who took a name that the pinned one gave up', () => {
    const owners = [{ login: 'octo', id: '21' }];
    const policy = policyOf({ owners, runnerRepository: undefined, trustedWorkflows });
    expect(decideRunner({ ...claims, repository: 'Octo/slug' }, policy).kind).toBe('runner');
    const later = { ...claims, repository: 'octo/slug', repositoryOwnerId: '22' };
    expect(decideRunner(later, policy)).toEqual({ kind: 'refused', what: 'repository', value: 'octo/slug' });
  });

  it('is nobody where no owner is named', () => {
    const policy = policyOf({ owners: [], runnerRepository: undefined, trustedWorkflows });
    expect(decideRunner({ ...claims, repository: 'octo/slug' }, policy).kind).toBe('refused');
  });
});
