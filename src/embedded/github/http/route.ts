import type { Access } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';
import type { Repository } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import type { BodyFields } from './body-fields.ts';
import { GitHubProblem, notFound } from './problem.ts';
import type { RateState } from './rate-limits.ts';

export interface Call {
  readonly world: World;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: BodyFields;
  /** The body's JSON as it came, for the few endpoints that take a bare list. */
  readonly rawBody: unknown;
  readonly accept: string;
  /** The caller's quota as it stands. */
  readonly rate: RateState;
  /** Makes the caller's own token worthless. */
  revokeToken(): void;
  /** The request's own address without its query, for Link headers. */
  readonly url: string;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; undefined for an empty body. */
  readonly json?: unknown;
  /** Anything else than JSON; wins over it. */
  readonly bytes?: string | Uint8Array<ArrayBuffer>;
}

/** An operation of GitHub's OpenAPI, by the very name that it has there, and who may call it. */
export type Route =
  | {
      readonly kind: 'global';
      readonly operation: string;
      readonly access: Access;
      handle(call: Call): Promise<Answer> | Answer;
    }
  | {
      readonly kind: 'repository';
      readonly operation: string;
      readonly access: Access;
      handle(call: RepositoryCall): Promise<Answer> | Answer;
    };

export function repositoryRoute(
  operation: string,
  access: Access,
  handle: (call: RepositoryCall) => Promise<Answer> | Answer,
): Route {
  return { kind: 'repository', operation, access, handle };
}

export function globalRoute(
  operation: string,
  access: Access,
  handle: (call: Call) => Promise<Answer> | Answer,
): Route {
  return { kind: 'global', operation, access, handle };
}

export function ok(json: unknown): Answer {
  return { status: 200, json };
}

export function created(json: unknown, location?: string): Answer {
  return { status: 201, json, ...(location === undefined ? {} : { headers: { location } }) };
}

export const noContent: Answer = { status: 204 };

export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw notFound();
  return value;
}

export function numberParam(call: Call, name: string): number {
  const text = param(call, name);
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

export function queryChoice<T extends string>(call: Call, name: string, values: readonly T[], fallback: T): T {
  const text = call.query.get(name);
  if (text === null || text === '') return fallback;
  const known = values.find((value) => value === text);
  if (known === undefined)
    throw new GitHubProblem(
      422,
      `Invalid request.\n\nFor '${name}', ${text} is not a member of ${JSON.stringify(values)}.`,
    );
  return known;
}
