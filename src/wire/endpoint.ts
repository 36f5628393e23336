import type { z } from 'zod';
import type { EndpointAccess } from '../domain/access/endpoint-access.ts';

export interface Endpoint {
  /** Its name in the OpenAPI document (`operationId`) and in metrics: `acquireClaim`. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` where a parameter stands, which is one encoded segment: `/v1/claims/{key}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: EndpointAccess;
  readonly params?: z.ZodObject;
  /** Typed as the server uses it; `query-string.ts` makes it text and reads it again. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  readonly status?: 200 | 201;
  /** What is refused on purpose: the answer is a problem (409, for `missing` 404) that holds one of these as `refusal`. */
  readonly refusal?: z.ZodType;
  /** The answer holds a secret that is told once: it is not kept for a repeated Idempotency-Key. */
  readonly secretAnswer?: true;
  /** Asked again it gives the same answer by itself, and nothing happens twice: nothing is kept for an Idempotency-Key. */
  readonly repeatable?: true;
}

/** Callers of any role, and runners for their own repository. */
export const readers: EndpointAccess = { role: 'viewer', runners: 'own-repository' };
/** Whoever works, and runners for their own repository. */
export const workers: EndpointAccess = { role: 'operator', runners: 'own-repository' };
export const viewersOnly: EndpointAccess = { role: 'viewer', runners: 'refused' };
export const operatorsOnly: EndpointAccess = { role: 'operator', runners: 'refused' };
export const adminsOnly: EndpointAccess = { role: 'admin', runners: 'refused' };
/** Workflow runs for their own repository, and nobody with a key. */
export const runnersOnly: EndpointAccess = { role: 'nobody', runners: 'own-repository' };
export const anybody: EndpointAccess = { role: 'anybody', runners: 'own-repository' };

/** What a schema reads, as the domain has it: nothing in it is written to. */
type Read<Schema> = Schema extends z.ZodType ? ReadOnly<z.output<Schema>> : undefined;

type ReadOnly<T> = T extends (infer Item)[]
  ? readonly ReadOnly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
    : T;

export type ParamsOf<E extends Endpoint> = Read<E['params']>;
export type QueryOf<E extends Endpoint> = Read<E['query']>;
export type BodyOf<E extends Endpoint> = Read<E['body']>;
export type AnswerOf<E extends Endpoint> = Read<E['answer']>;
export type RefusalOf<E extends Endpoint> = E['refusal'] extends z.ZodType ? Read<E['refusal']> : never;

/** The path of a request: every parameter as one encoded segment, so that keys may hold slashes. */
export function pathOf(endpoint: Endpoint, params: Readonly<Record<string, string>> = {}): string {
  return endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${endpoint.id} needs the parameter "${name}"`);
    return encodeURIComponent(value);
  });
}
