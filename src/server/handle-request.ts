import { type Caller, callerId, callerName, maySpeakAs, mayTouchBudget, mayTouchKey } from '../domain/access/caller.ts';
import { decideAccess } from '../domain/access/endpoint-access.ts';
import { wireHeaders } from '../wire/headers.ts';
import { readQueryString } from '../wire/query-string.ts';
import { authenticate } from './access/authenticate.ts';
import type { VerifyToken } from './access/github-oidc.ts';
import type { AppParts } from './app-options.ts';
import { once } from './idempotency.ts';
import { forbidden, notUnderstood, type ProblemDetails, problemResponse, tooManyRequests } from './problems.ts';
import { placesOf, readJson } from './read-body.ts';
import { type Refusal, refusalProblem } from './refusal-problem.ts';
import type { AnyRoute, Asked, OpenRoute, Reply, Route, Touched } from './route.ts';
import type { TokenBuckets } from './token-buckets.ts';

export interface RequestParts extends AppParts {
  readonly callers: TokenBuckets;
  readonly addresses: TokenBuckets;
  readonly verifyToken?: VerifyToken;
}

/** One request as the app got it, with what the log will say of it. */
export interface Incoming {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly address: string;
  readonly requestId: string;
  /** Who it was, once that is known. */
  readonly tellCaller: (name: string) => void;
}

/**
 * The way of every request: who is it, may it ask so often, may it ask this at all, what exactly does it ask, is that its
 * own repository, was it asked before; then the handler. Nothing of the body is read for a caller who is refused.
 */
export async function handleRequest(parts: RequestParts, route: AnyRoute, incoming: Incoming): Promise<Response> {
  const { requestId, request } = incoming;
  if ('open' in route) return handleOpen(parts, route, incoming);
  const admitted = await admit(parts, route, incoming);
  if (admitted.kind === 'problem') return problemResponse(admitted.problem, requestId);
  const { caller } = admitted;
  const read = await readRequest(parts, route, incoming, caller);
  if (read.kind === 'problem') return problemResponse(read.problem, requestId);
  const { asked } = read;
  const foreign = foreignTo(caller, route.touches(asked));
  if (foreign !== undefined) return problemResponse(foreign, requestId);

  const { pathname, search } = new URL(request.url);
  const call = {
    endpoint: route.endpoint,
    callerId: callerId(caller),
    requestId,
    target: `${pathname}${search}`,
    body: asked.body,
    header: request.headers.get(wireHeaders.idempotencyKey),
  };
  return once(parts, call, async () => respond(route.endpoint.status ?? 200, await route.handle(asked), requestId));
}

/** Each costs its address a token; a delivery of GitHub only when its signature is wrong, for they come from few places. */
async function handleOpen(parts: RequestParts, route: OpenRoute, incoming: Incoming): Promise<Response> {
  const { request, requestId, address } = incoming;
  const isSigned = route.endpoint.method === 'POST';
  const taken = isSigned ? parts.addresses.peek(address) : parts.addresses.take(address);
  if (taken.kind === 'empty') return problemResponse(tooManyRequests(taken.retryAfterMs), requestId);
  const response = respond(route.endpoint.status ?? 200, await route.open({ request }), requestId);
  if (isSigned && response.status === 401) parts.addresses.take(address);
  return response;
}

type Admitted =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails };

async function admit(parts: RequestParts, { endpoint }: Route, incoming: Incoming): Promise<Admitted> {
  const { address, request, tellCaller } = incoming;
  // An address that has shown too many bad credentials is not even listened to.
  const patience = parts.addresses.peek(address);
  if (patience.kind === 'empty') return { kind: 'problem', problem: tooManyRequests(patience.retryAfterMs) };
  const { keys } = parts.access;
  const authenticated = await authenticate(request.headers.get('authorization'), {
    keys,
    ...(parts.verifyToken && { verifyToken: parts.verifyToken }),
    clock: parts.clock,
    log: (text) => parts.log({ event: 'authentication', request: incoming.requestId, text }),
  });
  if (authenticated.kind === 'problem') {
    parts.addresses.take(address);
    return authenticated;
  }
  const { caller } = authenticated;
  tellCaller(callerName(caller));
  const taken = parts.callers.take(callerId(caller));
  if (taken.kind === 'empty') return { kind: 'problem', problem: tooManyRequests(taken.retryAfterMs) };
  const access = decideAccess(caller, endpoint.access);
  return access.kind === 'allowed' ? authenticated : { kind: 'problem', problem: tooSmall(access) };
}

type ReadRequest =
  | { readonly kind: 'asked'; readonly asked: Asked<Route['endpoint']> }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails };

async function readRequest(
  { limits }: RequestParts,
  { endpoint }: Route,
  { request, params }: Incoming,
  caller: Caller,
): Promise<ReadRequest> {
  const wrong = (what: string, error: Parameters<typeof placesOf>[0]): ReadRequest => ({
    kind: 'problem',
    problem: notUnderstood(
      `${what} is not what this endpoint takes`,
      placesOf(error, (path) => path.join('.')),
    ),
  });
  const path = endpoint.params?.safeParse(params);
  if (path?.success === false) return wrong('the path', path.error);
  const search = new URL(request.url).searchParams;
  if (endpoint.query === undefined && search.size > 0) {
    return { kind: 'problem', problem: notUnderstood('this endpoint takes no query') };
  }
  const query = endpoint.query?.safeParse(readQueryString(endpoint.query, search));
  if (query?.success === false) return wrong('the query', query.error);
  const body =
    endpoint.body === undefined
      ? undefined
      : await readJson(request, endpoint.body, { maxBytes: limits.bodyBytes, deadlineMs: limits.bodyMs });
  if (body?.kind === 'problem') return body;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(limits.requestMs)]);
  return {
    kind: 'asked',
    asked: {
      params: path?.data as Asked<Route['endpoint']>['params'],
      query: query?.data as Asked<Route['endpoint']>['query'],
      body: body?.value as Asked<Route['endpoint']>['body'],
      caller,
      headers: request.headers,
      signal,
      requestSignal: request.signal,
    },
  };
}

function respond(status: number, reply: Reply<Route['endpoint']>, requestId: string): Response {
  switch (reply.kind) {
    case 'answer':
      return Response.json(reply.value, { status });
    case 'refusal':
      return problemResponse(refusalProblem(reply.value as Refusal), requestId);
    case 'problem':
      return problemResponse(reply.problem, requestId);
    case 'response':
      return reply.response;
    default:
      return reply satisfies never;
  }
}

function foreignTo(caller: Caller, { keys = [], budgets = [], names = [] }: Touched): ProblemDetails | undefined {
  const taken = names.find((name) => !maySpeakAs(caller, name));
  if (taken !== undefined) return forbidden(`${taken} is a name that only the coordinator gives`, nameAgent);
  const foreign = keys.find((key) => !mayTouchKey(caller, key)) ?? budgets.find((key) => !mayTouchBudget(caller, key));
  if (foreign === undefined) return undefined;
  return forbidden(
    `${foreign} is of none of the repositories that this caller is limited to`,
    'use a key for that repository, or one without a limit',
  );
}

const nameAgent = 'give the agent a name of its own, such as coder/01JD…';

function tooSmall({ needs, has }: { readonly needs: string; readonly has: string }): ProblemDetails {
  if (needs === 'runner') {
    return forbidden(
      'only a workflow run may ask this, and the caller has a key',
      'leave it to the workflow that was dispatched',
    );
  }
  return forbidden(`this needs the role ${needs}; the caller is ${has}`, `use a key with the role ${needs}`);
}
