import type { ClaimStore } from '../../../src/ports/claim-store.ts';

/** One request that changes something on GitHub, as its sender saw it answered. */
export interface SentWrite {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
  /** Sent (or answered) after the process had been held up. */
  readonly late: boolean;
}

/** A process that stops for long at one moment and then goes on as if nothing had happened: a zombie in the making. */
export interface HeldUp {
  /** Told at each moment at which a process can be held up; waits when this is the chosen one. */
  pass(moment: string): Promise<void>;
  /** Where it was held up; undefined: it came to its end before. */
  readonly heldAt: () => string | undefined;
  /** Resolves when it is held up. */
  readonly stopped: Promise<void>;
  wake(): void;
  readonly moments: () => number;
  readonly writes: SentWrite[];
}

/** Held up at the moment with this number, counted from 1; without one never. */
export function heldUp(at: number | undefined): HeldUp {
  const stopped = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  let moments = 0;
  let heldAt: string | undefined;
  return {
    pass: async (moment) => {
      moments += 1;
      if (moments !== at) return;
      heldAt = moment;
      stopped.resolve();
      await woken.promise;
    },
    heldAt: () => heldAt,
    stopped: stopped.promise,
    wake: () => woken.resolve(),
    moments: () => moments,
    writes: [],
  };
}

/** Before each request is sent, and after it was answered and before anybody has read that. */
export function fetchOf(process: HeldUp): typeof fetch {
  return async (input, init) => {
    const method = init?.method ?? 'GET';
    const path = new URL(String(input)).pathname.replace(/^\/api(?:\/v3)?/, '');
    await process.pass(`before ${method} ${pathName(path)}`);
    const response = await fetch(input, init);
    if (method !== 'GET' && path !== '/graphql') {
      const late = process.heldAt() !== undefined;
      process.writes.push({ method, path, body: String(init?.body ?? ''), status: response.status, late });
    }
    await process.pass(`after ${method} ${pathName(path)}`);
    return response;
  };
}

/** The same for each call of a claim store that is not asked over GitHub. */
export function claimsOf(process: HeldUp, store: ClaimStore): ClaimStore {
  const passing = async <Value>(name: string, call: () => Promise<Value>): Promise<Value> => {
    await process.pass(`before claims.${name}`);
    const value = await call();
    await process.pass(`after claims.${name}`);
    return value;
  };
  return {
    acquire: (options) => passing('acquire', () => store.acquire(options)),
    takeOver: (options) => passing('takeOver', () => store.takeOver(options)),
    renew: (...parts) => passing('renew', () => store.renew(...parts)),
    release: (...parts) => passing('release', () => store.release(...parts)),
    beginEffect: (...parts) => passing('beginEffect', () => store.beginEffect(...parts)),
    read: (key) => passing('read', () => store.read(key)),
    list: (filter) => store.list(filter),
  };
}

function pathName(path: string): string {
  return path.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/[0-9a-f]{40}|\d+/g, '*');
}
