import { createGitHubApi } from '../../src/adapters/github/api.ts';
import { createGitRefsClaimStore } from '../../src/adapters/github/git-refs-claim-store.ts';
import type { ClaimHolder } from '../../src/domain/claim.ts';
import { startGitRefsServer } from '../fakes/git-refs-server.ts';
import { instantClock } from '../fakes/instant-clock.ts';

/** What one call of a claim store sends to GitHub, in order: `['GET commits', 'POST git/commits', 'PATCH git/refs']`. */
export interface GitRefsRequests {
  readonly acquire: readonly string[];
  readonly acquireRefused: readonly string[];
  readonly acquireAgain: readonly string[];
  readonly steal: readonly string[];
  readonly renew: readonly string[];
  readonly effect: readonly string[];
  readonly release: readonly string[];
}

const holder: ClaimHolder = { owner: 'octo', runId: 'run', kind: 'agent', reason: 'measured' };
const ttlMs = 60_000;

export async function countGitRefsRequests(): Promise<GitRefsRequests> {
  await using server = await startGitRefsServer();
  const clock = instantClock();
  const api = createGitHubApi({
    token: 'measured',
    repository: { owner: 'octo', name: 'slug' },
    apiUrl: server.url,
    userAgent: 'measured',
    clock,
    signal: new AbortController().signal,
    log: () => {},
  });
  let ids = 0;
  const store = createGitRefsClaimStore({ api, newId: () => `id-${ids++}` });
  const key = 'github/octo/slug/issues/1';
  const requestsOf = async (call: () => Promise<unknown>): Promise<readonly string[]> => {
    server.requests.length = 0;
    await call();
    return [...server.requests];
  };
  const claim = (leaseId: string) => store.acquire({ key, holder, leaseId, ttlMs, holderIsDead: async () => false });
  const lease = async () => {
    const record = await store.read(key);
    if (record?.state !== 'held') throw new Error('the measured claim is not held');
    return record;
  };

  const acquire = await requestsOf(() => claim('first'));
  const acquireRefused = await requestsOf(() => claim('second'));
  clock.advance(2 * ttlMs);
  const steal = await requestsOf(() => claim('third'));
  const held = await lease();
  const renew = await requestsOf(() => store.renew(held, ttlMs));
  const effect = await requestsOf(() => store.beginEffect(held, 'open-pull-request'));
  const release = await requestsOf(() => store.release(held));
  const acquireAgain = await requestsOf(() => claim('fourth'));
  return { acquire, acquireRefused, acquireAgain, steal, renew, effect, release };
}
