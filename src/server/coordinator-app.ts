import { Hono } from 'hono';
import { parseTraceparent } from '../domain/dispatch/traceparent.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import { docsPage } from '../wire/endpoints/service.ts';
import { wireHeaders } from '../wire/headers.ts';
import type { OidcSettings, VerifyToken } from './access/github-oidc.ts';
import { type AppParts, type CoordinatorAppOptions, defaultServerLimits } from './app-options.ts';
import { handleRequest, type RequestParts } from './handle-request.ts';
import { createMetrics } from './metrics.ts';
import { internalFault, notUnderstood, problemResponse, unavailable } from './problems.ts';
import type { AnyRoute } from './route.ts';
import { createRoutes } from './routes/all.ts';
import { securityHeaders } from './security-headers.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** What the app keeps of a request until its log line is written. */
interface Variables {
  requestId: string;
  caller: string;
  endpoint: string;
}

export type CoordinatorApp = Hono<{ Variables: Variables }>;

/**
 * The coordinator's HTTP app, the same on Node and on Lambda: what it needs comes in, it starts nothing by itself. Every
 * way out is an answer of its endpoint or a problem, and every request leaves one line in the log.
 */
export function createCoordinatorApp(options: CoordinatorAppOptions): CoordinatorApp {
  const parts: AppParts = { ...options, limits: { ...defaultServerLimits, ...options.limits } };
  const { clock, limits, access, log } = parts;
  const metrics = createMetrics();
  const requests: RequestParts = {
    ...parts,
    callers: createTokenBuckets(clock, limits.callerRate),
    addresses: createTokenBuckets(clock, limits.addressRate),
    ...(access.oidc && { verifyToken: lazyVerifier(access.oidc, clock) }),
  };
  const routes = createRoutes(parts, metrics);
  const app: CoordinatorApp = new Hono();

  app.use(async (context, next) => {
    const started = clock.monotonic();
    const requestId = parts.newId();
    context.set('requestId', requestId);
    await next();
    const { method, path } = context.req;
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
    context.res.headers.set(wireHeaders.requestId, requestId);
    const ms = clock.monotonic() - started;
    const endpoint = context.get('endpoint') ?? 'none';
    metrics.observe(endpoint, context.res.status, ms / 1_000);
    const trace = parseTraceparent(context.req.header('traceparent') ?? '')?.traceId;
    log({
      event: 'request',
      request: requestId,
      ...(trace !== undefined && { trace }),
      method,
      // The path only: a query may hold what somebody searches for. Cut, for it comes from anybody.
      path: path.slice(0, 300),
      endpoint,
      status: context.res.status,
      ms: Math.round(ms * 10) / 10,
      caller: context.get('caller') ?? '-',
      address: parts.addressOf(context.env, context.req.raw.headers),
    });
  });

  const fixedPaths = new Set(routes.map(({ endpoint }) => endpoint.path).filter((path) => !path.includes('{')));
  for (const route of routes) {
    const { method, path, id } = route.endpoint;
    app.on(method, honoPath(path), async (context) => {
      // An address that is written out is never a parameter of another one, whatever the method (OpenAPI's own rule).
      if (path !== context.req.path && fixedPaths.has(context.req.path)) return context.notFound();
      context.set('endpoint', id);
      const address = parts.addressOf(context.env, context.req.raw.headers);
      return handleRequest(requests, route, {
        request: context.req.raw,
        params: context.req.param(),
        address,
        requestId: context.get('requestId'),
        tellCaller: (name) => context.set('caller', name),
      });
    });
  }

  // Whoever opens the coordinator's address in a browser wants to know what it is; programs have no use for it.
  app.get('/', (context) => {
    const reader = context.req.header('accept') ?? '';
    return /\btext\/html\b/i.test(reader) ? context.redirect(docsPage.path, 302) : context.notFound();
  });

  app.notFound((context) => {
    const allowed = methodsOf(routes, context.req.path);
    const requestId = context.get('requestId');
    if (allowed.length === 0) {
      const details = notUnderstood('there is no such address here');
      return problemResponse({ ...details, status: 404, fix: '/docs lists every address' }, requestId);
    }
    const details = notUnderstood(`${context.req.method.slice(0, 20)} is not known at this address`);
    const headers = { allow: allowed.join(', ') };
    return problemResponse({ ...details, status: 405, fix: `use ${headers.allow}`, headers }, requestId);
  });

  app.onError((error, context) => {
    const requestId = context.get('requestId');
    // Only the store can tell that a query asks for too much.
    const isAsked = error instanceof EntropyError && error.code === 'E106';
    if (isAsked)
      return problemResponse({ status: 400, code: error.code, detail: error.message, fix: error.fix }, requestId);
    log({
      event: 'fault',
      request: requestId,
      fault: describeError(error),
      ...(error.stack && { stack: error.stack }),
    });
    const passing = error instanceof EntropyError && error.retryable;
    return problemResponse(
      passing ? unavailable('the store is busy or cannot be reached') : internalFault(),
      requestId,
    );
  });
  return app;
}

/** What reads tokens is loaded with the first one. */
function lazyVerifier(settings: OidcSettings, clock: Clock): VerifyToken {
  let verifier: Promise<VerifyToken> | undefined;
  return async (token) => {
    verifier ??= import('./access/github-oidc.ts').then((module) => module.createTokenVerifier(settings, clock));
    return (await verifier)(token);
  };
}

/** `/v1/runs/{id}` as hono writes it. */
function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Which methods an address knows; empty: none, there is nothing. */
function methodsOf(routes: readonly AnyRoute[], path: string): readonly string[] {
  const segments = path.split('/');
  const fixed = routes.filter(({ endpoint }) => endpoint.path === path);
  const matching = routes.filter(({ endpoint }) => {
    const pattern = endpoint.path.split('/');
    return (
      pattern.length === segments.length &&
      pattern.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]))
    );
  });
  const known = fixed.length > 0 ? fixed : matching;
  return [...new Set(known.map(({ endpoint }) => endpoint.method))].sort();
}
