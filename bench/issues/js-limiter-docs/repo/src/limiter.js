import { filledTo } from './bucket.js';

/**
 * A token bucket for each key. `now` tells milliseconds and is `Date.now` when absent.
 */
export function createLimiter({ capacity, refillPerSecond, now = Date.now }) {
  if (!(capacity >= 1)) throw new RangeError('capacity is below 1');
  if (!(refillPerSecond > 0)) throw new RangeError('refillPerSecond is not above 0');
  const buckets = new Map();
  const settings = { capacity, refillPerSecond };
  const tokensOf = (key) => {
    const bucket = buckets.get(key);
    return bucket === undefined ? capacity : filledTo(bucket, now(), settings);
  };
  return {
    /** Takes a token: `{ ok: true, left }`, or `{ ok: false, retryAfterMs }`. */
    take(key) {
      const tokens = tokensOf(key);
      if (tokens < 1) return { ok: false, retryAfterMs: Math.ceil(((1 - tokens) / refillPerSecond) * 1000) };
      buckets.set(key, { tokens: tokens - 1, at: now() });
      return { ok: true, left: Math.floor(tokens - 1) };
    },
    /** Whole tokens that are there, without taking one. */
    peek: (key) => Math.floor(tokensOf(key)),
  };
}
