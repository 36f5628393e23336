export interface IdempotentRequest {
  /** Whose key it is: two callers may choose the same one. */
  readonly caller: string;
  readonly key: string;
  /** Of method, path and body: the same key with another one is a mistake of the caller. */
  readonly fingerprint: string;
  readonly now: number;
  /** Whoever began and never finished (its process died) is not waited for after this moment. */
  readonly lockedUntil: number;
  readonly keepUntil: number;
}

export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type IdempotencyDecision =
  /** Not seen before: do it, then `finish` or `forget` with this token. */
  | { readonly kind: 'new'; readonly token: string }
  | { readonly kind: 'done'; readonly answer: StoredAnswer }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'other-request' };

/**
 * What was already asked for, so that it happens once. The pair of caller and key is a primary key: one conditional write
 * decides who does the work, nobody looks first and writes then.
 */
export interface IdempotencyStore {
  begin(request: IdempotentRequest): Promise<IdempotencyDecision>;
  /** Nothing happens when somebody else has begun it meanwhile. */
  finish(token: string, answer: StoredAnswer): Promise<void>;
  /** It did not happen: the next one with this key may try. */
  forget(token: string): Promise<void>;
}
