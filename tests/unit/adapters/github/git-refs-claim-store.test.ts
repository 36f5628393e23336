import { describe, expect, it } from 'vitest';
import { createGitHubApi } from '../../../../src/adapters/github/api.ts';
import { claimRef, createGitRefsClaimStore } from '../../../../src/adapters/github/git-refs-claim-store.ts';
import type { AcquireOptions } from '../../../../src/ports/claim-store.ts';
import { type GitRefsServerOptions, startGitRefsServer } from '../../../fakes/git-refs-server.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { errorOf } from './github-api.fixture.ts';

const repository = { owner: 'Octo', name: 'Slug' };
const key = 'github/octo/slug/issues/42';

async function fixture(options: GitRefsServerOptions = {}) {
  const server = await startGitRefsServer(options);
  const clock = instantClock();
  const api = createGitHubApi({
    token: 't',
    repository,
    apiUrl: server.url,
    userAgent: 'test',
    clock,
    signal: new AbortController().signal,
    log: () => {},
  });
  let ids = 0;
  const client = () => createGitRefsClaimStore({ api, newId: () => `id${ids++}` });
  return { server, store: client(), client, clock, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function request(leaseId: string): AcquireOptions {
  const holder = { owner: `coder/${leaseId}`, runId: leaseId, kind: 'agent', reason: 'test' } as const;
  return { key, holder, leaseId, ttlMs: 60_000, holderIsDead: async () => false };
}

describe('claims in git refs', () => {
  it.each(['POST git/commits', 'POST git/refs'])('are granted once when the answer to %s is lost', async (lost) => {
    await using at = await fixture();
    at.server.loseNextAnswer(lost);
    expect(await at.store.acquire(request('a'))).toMatchObject({ kind: 'granted', lease: { fence: 1 } });
    expect(await at.store.read(key)).toMatchObject({ leaseId: 'a', fence: 1 });
  });

  it('are taken over once when the answer to the fast-forward is lost', async () => {
    await using at = await fixture();
    await at.store.acquire(request('a'));
    at.clock.advance(62_001);
    at.server.loseNextAnswer('PATCH git/refs');
    expect(await at.store.acquire(request('b'))).toMatchObject({ kind: 'granted', lease: { leaseId: 'b', fence: 2 } });
    expect(await at.store.read(key)).toMatchObject({ leaseId: 'b', fence: 2 });
  });

  it('are released once when the answer is lost', async () => {
    await using at = await fixture();
    const acquired = await at.store.acquire(request('a'));
    if (acquired.kind !== 'granted') throw new Error('not granted');
    at.server.loseNextAnswer('PATCH git/refs');
    expect((await at.store.release(acquired.lease)).kind).toMatch(/^(already-)?released$/);
  });

  it('lie in one ref whose history only grows, each change in a commit of its own', async () => {
    await using at = await fixture();
    for (const leaseId of ['a', 'a', 'b']) {
      const acquired = await at.store.acquire(request(leaseId));
      if (acquired.kind !== 'granted') throw new Error('not granted');
      await at.store.renew(acquired.lease, 60_000);
      await at.store.release(acquired.lease);
    }
    expect([...at.server.refs.keys()]).toEqual(['refs/agents/claims/42']);
    const chain: string[] = [];
    for (
      let sha = at.server.refs.get('refs/agents/claims/42');
      sha !== undefined;
      sha = at.server.commits.get(sha)?.parents[0]
    ) {
      chain.push(sha);
    }
    expect(chain).toHaveLength(9);
    expect(at.server.requests.filter((name) => name.startsWith('DELETE'))).toEqual([]);
    const newest = at.server.commits.get(chain[0] ?? '')?.message;
    expect(newest?.split('\n')[0]).toBe('claim github/octo/slug/issues/42: free, fence 3');
  });

  it('cost one read and two writes, the first of an issue as well as every change', async () => {
    await using at = await fixture();
    const first = ['GET commits', 'POST git/commits', 'POST git/refs'];
    const change = ['GET commits', 'POST git/commits', 'PATCH git/refs'];
    const acquired = await at.store.acquire(request('a'));
    expect(at.server.requests.splice(0)).toEqual(first);
    if (acquired.kind !== 'granted') throw new Error('not granted');
    await at.store.renew(acquired.lease, 60_000);
    expect(at.server.requests.splice(0)).toEqual(change);
    await at.store.release(acquired.lease);
    expect(at.server.requests.splice(0)).toEqual(change);
    await at.store.acquire(request('b'));
    expect(at.server.requests.splice(0)).toEqual(change);
    await at.store.acquire(request('c'));
    expect(at.server.requests.splice(0)).toEqual(['GET commits']);
  });

  it('cost one read to look whether the fence is still current', async () => {
    await using at = await fixture();
    const acquired = await at.store.acquire(request('a'));
    if (acquired.kind !== 'granted') throw new Error('not granted');
    at.server.requests.length = 0;
    expect(await at.store.beginEffect(acquired.lease, 'branch')).toEqual({ kind: 'may-act', before: 'unknown' });
    expect(at.server.requests).toEqual(['GET commits']);
  });

  it('work where a commit cannot be read by the name of such a ref', async () => {
    await using at = await fixture({ otherRefs: 'unresolved' });
    expect(await at.store.acquire(request('a'))).toMatchObject({ kind: 'granted', lease: { fence: 1 } });
    expect(await at.client().acquire(request('b'))).toMatchObject({ kind: 'refused', record: { leaseId: 'a' } });
    const stranger = at.client();
    expect(await stranger.read(key)).toMatchObject({ leaseId: 'a' });
    at.server.requests.length = 0;
    await stranger.read(key);
    expect(at.server.requests).toEqual(['GET git/ref', 'GET git/commits']);
  });

  it('work where the empty tree is not known', async () => {
    await using at = await fixture({ emptyTree: 'unknown' });
    expect(await at.store.acquire(request('a'))).toMatchObject({ kind: 'granted', lease: { fence: 1 } });
    expect(at.server.requests).toContain('POST git/trees');
    at.server.requests.length = 0;
    await at.store.acquire(request('a'));
    await at.store.takeOver({ ...request('b'), holder: { owner: 'bob', runId: '-', kind: 'human', reason: 'mine' } });
    expect(at.server.requests).not.toContain('POST git/trees');
    expect(await at.store.read(key)).toMatchObject({ fence: 2, holder: { kind: 'human' } });
  });

  it('are never written by the same commit twice, not even by two who write the same record at once', async () => {
    await using at = await fixture();
    await Promise.all([at.store.acquire(request('a')), at.store.acquire(request('a'))]);
    const written = at.server.requests.filter((name) => name === 'POST git/commits');
    expect(written.length).toBeGreaterThan(1);
    expect(at.server.commits.size).toBe(written.length);
    expect(await at.store.read(key)).toMatchObject({ fence: 1 });
  });

  it('are never taken for free when somebody wrote junk over them', async () => {
    await using at = await fixture();
    await at.store.acquire(request('a'));
    at.server.commits.set('junk', { message: 'record: {"schema":1,"state":"free"}', tree: 't', parents: [] });
    at.server.refs.set('refs/agents/claims/42', 'junk');
    const error = await errorOf(at.store.acquire(request('b')));
    expect(error).toMatchObject({ code: 'E701', fix: expect.stringContaining('refs/agents/claims/42') });
  });
});

describe('the ref of a claim', () => {
  it('is the number for an issue of this repository, however the name is written', () => {
    expect(claimRef('github/octo/slug/issues/42', repository)).toBe('agents/claims/42');
  });

  it.each(['github/other/slug/issues/42', 'github/octo/slug/pulls/42', 'locks/../../heads/main', 'release train'])(
    'is a hash for any other key: %s',
    (other) => {
      expect(claimRef(other, repository)).toMatch(/^agents\/claims\/[0-9a-f]{32}$/);
    },
  );
});

describe('a list of claims', () => {
  const many = async (options: GitRefsServerOptions = {}) => {
    const at = await fixture(options);
    const acquired = await at.store.acquire(request('a'));
    const written = at.server.commits.get(at.server.refs.get('refs/agents/claims/42') ?? '');
    if (acquired.kind !== 'granted' || written === undefined) throw new Error('not granted');
    at.server.refs.clear();
    for (let issue = 1; issue <= 150; issue += 1) {
      const sha = issue.toString(16).padStart(40, '0');
      at.server.commits.set(sha, { ...written, message: written.message.replace('issues/42"', `issues/${issue}"`) });
      at.server.refs.set(`refs/agents/claims/${issue}`, sha);
    }
    at.server.requests.length = 0;
    return at;
  };
  const keys = async (store: ReturnType<typeof createGitRefsClaimStore>) => {
    const found: string[] = [];
    for await (const record of store.list({ state: 'held' })) found.push(record.key);
    return found;
  };

  it('costs one request for the refs and one for a hundred records, and less the second time', async () => {
    await using at = await many();
    const found = await keys(at.store);
    expect(found).toHaveLength(150);
    expect(found).toEqual([...found].sort());
    expect(at.server.requests.splice(0)).toEqual(['GET git/matching-refs', 'POST graphql', 'POST graphql']);
    await at.store.acquire({ ...request('x'), key: 'github/octo/slug/issues/151' });
    at.server.requests.length = 0;
    expect(await keys(at.store)).toHaveLength(151);
    expect(at.server.requests).toEqual(['GET git/matching-refs', 'POST graphql']);
  });

  it('is read commit by commit where GraphQL does not answer', async () => {
    await using at = await many({ graphql: 'missing' });
    expect(await keys(at.store)).toHaveLength(150);
    expect(at.server.requests.filter((name) => name === 'GET git/commits')).toHaveLength(150);
  });
});
