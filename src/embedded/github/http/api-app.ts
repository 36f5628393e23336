import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { describeError } from '../../../domain/error.ts';
import { isoSeconds } from '../state/timestamp.ts';
import type { World } from '../world.ts';
import { apiPath, type Faults } from './faults.ts';
import type { Exchange, RequestLog } from './request-log.ts';
import type { Answer, Route } from './route.ts';
import { type ServedCall, serveRoute } from './serve-route.ts';

export interface ApiOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

/** Path parameters whose values hold slashes. */
const openEnded = new Set(['path', 'ref', 'basehead', 'branch']);
const maxBodyBytes = 140 * 1024 * 1024;

/** GitHub's REST API, at `/` as on api.github.com and at `/api/v3` as on an own server. */
export function createApiApp(options: ApiOptions): Hono {
  const app = new Hono();
  for (const route of [...options.routes].sort(bySpecificity)) {
    const [method = 'GET', template = '/'] = route.operation.split(' ');
    const path = honoPath(template);
    const handler = (context: Context) => answer(options, route, context);
    // The contents of the root: an open-ended path may be empty.
    const paths = path.endsWith('/:path{.+}')
      ? [path, path.slice(0, -'/:path{.+}'.length), path.slice(0, -':path{.+}'.length)]
      : [path];
    // GraphQL lies beside the REST API of an own server, not below it.
    const below = route.operation === 'POST /graphql' ? '/api' : '/api/v3';
    app.on(method, [...paths, ...paths.map((each) => `${below}${each}`)], handler);
  }
  const unknown = (context: Context) => answer(options, undefined, context);
  app.all('/api/v3/*', unknown);
  for (const root of [
    '/repos/*',
    '/user',
    '/user/*',
    '/users/*',
    '/app',
    '/app/*',
    '/app-manifests/*',
    '/installation/*',
  ])
    app.all(root, unknown);
  return app;
}

function honoPath(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => (openEnded.has(name) ? `:${name}{.+}` : `:${name}`));
}

/** Fixed words before parameters, and what ends in an open-ended parameter last: Hono takes the first that fits. */
function bySpecificity(one: Route, other: Route): number {
  return weight(other) - weight(one);
}

function weight(route: Route): number {
  const segments = route.operation.split('/');
  const fixed = segments.filter((segment) => !segment.startsWith('{')).length;
  return segments.length * 100 + fixed;
}

async function answer(options: ApiOptions, route: Route | undefined, context: Context): Promise<Response> {
  const { world, log } = options;
  const started = performance.now();
  const url = new URL(context.req.url);
  const path = apiPath(url.pathname);
  const method = context.req.method;
  const fault = options.faults.take(method, path);
  if (fault?.kind === 'delay') await world.clock.sleep(fault.milliseconds, context.req.raw.signal);

  const rawBody = new Uint8Array(await context.req.arrayBuffer());
  const served: ServedCall =
    fault?.kind === 'respond'
      ? {
          answer: {
            status: fault.status,
            json: fault.body,
            ...(fault.headers === undefined ? {} : { headers: fault.headers }),
          },
          identity: 'fault injection',
          requestBody: undefined,
        }
      : await serve(options, route, context, { url, rawBody });
  const body = bodyOf(served.answer);
  const headers = new Headers({
    'x-github-request-id': randomUUID().replaceAll('-', '').toUpperCase().slice(0, 24),
    'x-github-media-type': 'github.v3; format=json',
    'cache-control': 'no-store',
    ...(served.answer.bytes === undefined && body !== null
      ? { 'content-type': 'application/json; charset=utf-8' }
      : {}),
    ...served.answer.headers,
  });
  log.add({
    at: isoSeconds(world.clock.now()),
    method,
    path,
    operation: route?.operation,
    status: served.answer.status,
    requestBytes: rawBody.length,
    responseBytes: body === null ? 0 : Buffer.byteLength(body),
    identity: served.identity,
    durationMs: Math.round((performance.now() - started) * 10) / 10,
  });
  options.onExchange?.({
    method,
    path,
    query: url.search,
    operation: route?.operation,
    requestBody: served.requestBody,
    status: served.answer.status,
    contentType: headers.get('content-type') ?? '',
    responseBody: served.answer.bytes ?? served.answer.json,
  });
  return new Response(body, { status: served.answer.status, headers });
}

async function serve(
  options: ApiOptions,
  route: Route | undefined,
  context: Context,
  request: { readonly url: URL; readonly rawBody: Uint8Array },
): Promise<ServedCall> {
  const nothing = {
    status: 404,
    json: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
  };
  if (route === undefined) return { answer: nothing, identity: 'unknown', requestBody: undefined };
  if (request.rawBody.length > maxBodyBytes) {
    return {
      answer: { status: 413, json: { message: 'Payload Too Large' } },
      identity: 'unknown',
      requestBody: undefined,
    };
  }
  try {
    return await serveRoute(options.world, route, {
      params: context.req.param() as Record<string, string>,
      query: request.url.searchParams,
      rawBody: request.rawBody,
      authorization: context.req.header('authorization'),
      accept: context.req.header('accept') ?? '',
      url: `${request.url.origin}${request.url.pathname}`,
    });
  } catch (error) {
    // A fault of ours must be seen as one by whoever called, and its reason with it: this server is for one's own use.
    const json = { message: `Server Error: ${describeError(error)}` };
    return { answer: { status: 500, json }, identity: 'unknown', requestBody: undefined };
  }
}

function bodyOf(answer: Answer): string | Uint8Array<ArrayBuffer> | null {
  if (answer.bytes !== undefined) return answer.bytes;
  return answer.json === undefined ? null : JSON.stringify(answer.json);
}
