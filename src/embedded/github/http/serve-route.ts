import { accountOf, checkRepositoryAccess } from '../identity/access.ts';
import { type Actor, actorName } from '../identity/actor.ts';
import { badCredentials, type ResolvedToken, tokenOf } from '../identity/tokens.ts';
import type { Repository } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { BodyFields } from './body-fields.ts';
import { GitHubProblem, notFound } from './problem.ts';
import { rateHeaders } from './rate-limits.ts';
import type { Answer, Call, Route } from './route.ts';

export interface IncomingCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly rawBody: Uint8Array;
  readonly authorization: string | undefined;
  readonly accept: string;
  readonly url: string;
}

export interface ServedCall {
  readonly answer: Answer;
  readonly identity: string;
  readonly requestBody: unknown;
}

const anonymousLimit = 60;
const noBody = new Uint8Array();

/** One request to one route: who asks, may they, is there quota left, and then the route itself. */
export async function serveRoute(world: World, route: Route, incoming: IncomingCall): Promise<ServedCall> {
  let identity = 'unknown';
  let headers: Record<string, string> = {};
  let requestBody: unknown;
  try {
    const caller = resolveCaller(world, incoming.authorization);
    identity = actorName(caller.actor);
    const counted =
      route.operation === 'GET /rate_limit' ? undefined : world.limits.count(caller.limitKey, caller.limit);
    const rate = counted?.state ?? world.limits.state(caller.limitKey, caller.limit);
    headers = rateHeaders(rate);
    if (counted?.allowed === false) throw rateLimited(identity);
    requestBody = parseBody(incoming.rawBody);
    const call: Call = {
      world,
      actor: caller.actor,
      params: incoming.params,
      query: incoming.query,
      body: new BodyFields(Array.isArray(requestBody) ? undefined : requestBody),
      rawBody: requestBody,
      accept: incoming.accept,
      rate,
      revokeToken: () => world.tokens.revoke(tokenOf(incoming.authorization) ?? ''),
      url: incoming.url,
    };
    const answer = await callRoute(route, call);
    return { answer: { ...answer, headers: { ...headers, ...answer.headers } }, identity, requestBody };
  } catch (error) {
    if (!(error instanceof GitHubProblem)) throw error;
    const answer = { status: error.status, json: error.body(), headers: { ...headers, ...error.headers } };
    return { answer, identity, requestBody };
  }
}

/** Who a request's Authorization header stands for; 401 for a token that is not (or no longer) known. */
export function resolveCaller(world: World, authorization: string | undefined): ResolvedToken {
  const token = tokenOf(authorization);
  if (token === undefined) return { actor: { kind: 'anonymous' }, limitKey: 'anonymous', limit: anonymousLimit };
  const app = world.apps.verifyJwt(token, world.clock.now());
  if (app !== undefined) return { actor: { kind: 'app', appId: app.id }, limitKey: `app ${app.id}`, limit: 5000 };
  const known = world.tokens.find(token);
  if (known === undefined) throw badCredentials();
  return known;
}

async function callRoute(route: Route, call: Call): Promise<Answer> {
  switch (route.kind) {
    case 'global':
      checkGlobalAccess(route, call.actor);
      return route.handle(call);
    case 'repository': {
      const repository = findRepository(call);
      if (route.access.kind === 'repository') checkRepositoryAccess(route.access, repository, call.actor);
      else checkGlobalAccess(route, call.actor);
      return route.handle({ ...call, repository });
    }
    default:
      return route satisfies never;
  }
}

function checkGlobalAccess(route: Route, actor: Actor): void {
  switch (route.access.kind) {
    case 'anyone':
      return;
    case 'signed-in':
      accountOf(actor);
      return;
    case 'app-jwt':
      if (actor.kind !== 'app') throw new GitHubProblem(401, 'A JSON web token could not be decoded');
      return;
    case 'repository':
      throw new Error(`${route.operation} asks for a repository's role but names no repository`);
    default:
      route.access satisfies never;
  }
}

function findRepository(call: Call): Repository {
  const repository = call.world.store.repository(call.params['owner'] ?? '', call.params['repo'] ?? '');
  if (repository === undefined) throw notFound();
  return repository;
}

function parseBody(bytes: Uint8Array = noBody): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8').decode(bytes));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new GitHubProblem(400, 'Problems parsing JSON');
    throw cause;
  }
}

function rateLimited(identity: string): GitHubProblem {
  return new GitHubProblem(403, `API rate limit exceeded for ${identity}.`);
}
