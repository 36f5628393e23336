/** What a receiver of webhooks takes in at most. GitHub itself sends up to 25 MB; what concerns us is far below. */
export const deliveryRules = {
  bodyBytes: 5 * 1024 * 1024,
  /** Nesting of objects and arrays; GitHub's own payloads have fewer than ten levels. */
  bodyDepth: 32,
} as const;
