/** Names of headers that are ours to read or write; lower case, as every server sees them. */
export const wireHeaders = {
  /** The same key and the same body give the stored answer; another body is refused. For every POST. */
  idempotencyKey: 'idempotency-key',
  /** `true` on an answer that was stored. */
  replayed: 'idempotency-replayed',
  requestId: 'x-request-id',
  /** Position in the activity stream after which a client goes on. */
  lastEventId: 'last-event-id',
} as const;
