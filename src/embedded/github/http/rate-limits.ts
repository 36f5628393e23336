const hourMs = 3_600_000;

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

/** GitHub's primary limit: a number of requests per hour and identity, in windows that open with the first request. */
export class RateLimits {
  readonly #windows = new Map<string, { used: number; readonly endsAt: number }>();
  readonly #now: () => number;
  readonly #enforced: boolean;

  constructor(now: () => number, enforced: boolean) {
    this.#now = now;
    this.#enforced = enforced;
  }

  state(key: string, limit: number): RateState {
    const now = this.#now();
    const window = this.#windows.get(key);
    const open = window !== undefined && window.endsAt > now;
    const used = open ? window.used : 0;
    const endsAt = open ? window.endsAt : now + hourMs;
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(endsAt / 1000) };
  }

  /** Counts one request; `allowed` is false when the window was used up before it. */
  count(key: string, limit: number): { readonly allowed: boolean; readonly state: RateState } {
    const now = this.#now();
    const window = this.#windows.get(key);
    const open = window !== undefined && window.endsAt > now;
    const current = open ? window : { used: 0, endsAt: now + hourMs };
    if (!open) this.#windows.set(key, current);
    const allowed = current.used < limit || !this.#enforced;
    if (allowed) current.used += 1;
    return { allowed, state: this.state(key, limit) };
  }
}

export function rateHeaders(state: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(state.limit),
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-used': String(state.used),
    'x-ratelimit-reset': String(state.reset),
    'x-ratelimit-resource': 'core',
  };
}
