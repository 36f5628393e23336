import type { Caller } from '../domain/access/caller.ts';
import type { ClaimKey } from '../domain/claim.ts';
import type { BudgetKey } from '../domain/coordination/budget-record.ts';
import type { AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf, RefusalOf } from '../wire/endpoint.ts';
import type { ProblemDetails } from './problems.ts';

/** A request after everything about it was checked. */
export interface Asked<E extends Endpoint> {
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  readonly caller: Caller;
  readonly headers: Headers;
  /** Aborted when the caller has gone or waited long enough. */
  readonly signal: AbortSignal;
  /** Aborted only when the caller has gone: for what lasts longer than any request. */
  readonly requestSignal: AbortSignal;
}

export type Reply<E extends Endpoint> =
  | { readonly kind: 'answer'; readonly value: AnswerOf<E> }
  | { readonly kind: 'refusal'; readonly value: RefusalOf<E> }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails }
  /** Not JSON: events, text, HTML. */
  | { readonly kind: 'response'; readonly response: Response };

/** What a request is about; a caller who is limited to repositories is refused before anything is done. */
export interface Touched {
  readonly keys?: readonly ClaimKey[];
  readonly budgets?: readonly BudgetKey[];
  /** Names that the stream will tell it under: of agents. */
  readonly names?: readonly string[];
}

export interface Route<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly touches: (asked: Asked<E>) => Touched;
  readonly handle: (asked: Asked<E>) => Promise<Reply<E>>;
}

export interface OpenAsked {
  readonly request: Request;
}

/** An endpoint that needs no credential; it gets the request as it came. */
export interface OpenRoute<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly open: (asked: OpenAsked) => Promise<Reply<E>>;
}

export type AnyRoute = Route | OpenRoute;

/**
 * Ties a handler to its endpoint. Inside, types are those of the endpoint's schemas; outside, all routes look alike: what
 * the schemas have read is what the handler takes.
 */
export function route<E extends Endpoint>(
  endpoint: E,
  touches: (asked: Asked<E>) => Touched,
  handle: (asked: Asked<E>) => Promise<Reply<E>>,
): Route {
  return { endpoint, touches, handle } as unknown as Route;
}

export function openRoute<E extends Endpoint>(endpoint: E, open: (asked: OpenAsked) => Promise<Reply<E>>): OpenRoute {
  return { endpoint, open } as unknown as OpenRoute;
}

/** It is about no key, or limits itself to what the caller may see. */
export const touchesNothing = (): Touched => ({});

export function answer<Value>(value: Value): { readonly kind: 'answer'; readonly value: Value } {
  return { kind: 'answer', value };
}

export function refusal<Value>(value: Value): { readonly kind: 'refusal'; readonly value: Value } {
  return { kind: 'refusal', value };
}

export const missing = refusal({ kind: 'missing' } as const);
