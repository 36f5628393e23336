import type { Clock } from '../ports/clock.ts';

export interface Rate {
  /** How many may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

export type Taken = { readonly kind: 'taken' } | { readonly kind: 'empty'; readonly retryAfterMs: number };

export interface TokenBuckets {
  take(name: string): Taken;
  /** Whether there is a token, without taking it. */
  peek(name: string): Taken;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/**
 * A bucket for each name; those that were not used for longest are forgotten beyond `maxNames`, which gives a flood of
 * new names nothing that it would not have anyway: a new bucket is full.
 */
export function createTokenBuckets(clock: Clock, { burst, perSecond }: Rate, maxNames = 10_000): TokenBuckets {
  const buckets = new Map<string, Bucket>();

  const filled = (name: string): Bucket => {
    const now = clock.monotonic();
    const bucket = buckets.get(name);
    if (bucket === undefined) return { tokens: burst, at: now };
    return { tokens: Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond), at: now };
  };
  const answer = ({ tokens }: Bucket): Taken =>
    tokens >= 1 ? { kind: 'taken' } : { kind: 'empty', retryAfterMs: Math.ceil(((1 - tokens) / perSecond) * 1_000) };

  return {
    peek: (name) => answer(filled(name)),
    take: (name) => {
      const bucket = filled(name);
      const taken = answer(bucket);
      buckets.delete(name);
      buckets.set(name, taken.kind === 'taken' ? { tokens: bucket.tokens - 1, at: bucket.at } : bucket);
      if (buckets.size > maxNames) {
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest);
          break;
        }
      }
      return taken;
    },
  };
}
