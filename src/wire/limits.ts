/** What the coordinator takes in at most. One place, for schemas, server and documentation alike. */
export const wireLimits = {
  bodyBytes: 1024 * 1024,
  /** Nesting of objects and arrays in a body. */
  bodyDepth: 32,
  /** One message between agents, as JSON. */
  messageBytes: 64 * 1024,
  pageItems: 500,
  pageItemsDefault: 100,
  /** Forty days: longer than any job of GitHub Actions may take, self-hosted ones included. */
  leaseMs: 40 * 24 * 60 * 60_000,
  visibilityMs: 12 * 60 * 60_000,
  idempotencyKeyChars: 128,
  /** How long an answer is kept for a repeated Idempotency-Key. */
  idempotencyKeepMs: 24 * 60 * 60_000,
} as const;
