import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGitHubApi } from '../../../../src/adapters/github/api.ts';
import { createGitRefsBudgetStore } from '../../../../src/adapters/github/git-refs-budget-store.ts';
import { createGitRefsClaimStore } from '../../../../src/adapters/github/git-refs-claim-store.ts';
import { budgetRef } from '../../../../src/adapters/github/ref-budgets.ts';
import type { Lease } from '../../../../src/domain/claim.ts';
import { type Amounts, nothing } from '../../../../src/domain/coordination/amounts.ts';
import type { BudgetCaps, Reservation } from '../../../../src/domain/coordination/budget-record.ts';
import type { AcquireOptions, AcquireResult } from '../../../../src/ports/claim-store.ts';
import { type GitRefsServer, startGitRefsServer } from '../../../fakes/git-refs-server.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { errorOf } from './github-api.fixture.ts';

const repository = 'repository/octo/slug';
const today = `${repository}/day/2026-11-21`;
const asks: Amounts = { ...nothing, microUsd: 2_000_000, turns: 10 };
const spent: Amounts = { ...nothing, microUsd: 500_000, turns: 3 };

async function fixture() {
  const server = await startGitRefsServer();
  const clock = instantClock();
  let ids = 0;
  const api = (fetching: typeof fetch = fetch) =>
    createGitHubApi({
      token: 't',
      repository: { owner: 'octo', name: 'slug' },
      apiUrl: server.url,
      userAgent: 'test',
      clock: { ...clock, sleep: async () => {} },
      signal: new AbortController().signal,
      log: () => {},
      fetch: fetching,
    });
  const newId = () => `id${ids++}`;
  return {
    server,
    clock,
    client: () => createGitRefsClaimStore({ api: api(), newId }),
    /** A process that ends with its n-th request: before it was sent, or with its answer lost. */
    dying: (request: number, when: 'before' | 'after') =>
      createGitRefsClaimStore({ api: api(dieOn(request, when)), newId }),
    books: createGitRefsBudgetStore({ api: api(), newId }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

class Died extends Error {
  override readonly name = 'AbortError';
}

function dieOn(request: number, when: 'before' | 'after'): typeof fetch {
  let sent = 0;
  return async (input, init) => {
    sent += 1;
    if (sent > request || (sent === request && when === 'before')) throw new Died('died');
    const response = await fetch(input, init);
    if (sent === request) throw new Died('died');
    return response;
  };
}

function ask(issue: number, leaseId: string, reserve?: Reservation): AcquireOptions {
  const holder = { owner: `coder/${leaseId}`, runId: leaseId, kind: 'agent', reason: 'test' } as const;
  const key = `github/octo/slug/issues/${issue}`;
  return { key, holder, leaseId, ttlMs: 60_000, holderIsDead: async () => false, ...(reserve && { reserve }) };
}

function from(caps: BudgetCaps, keys: readonly string[] = [repository, today]): Reservation {
  return { draws: keys.map((key) => ({ key, caps })), amounts: asks };
}

function granted(result: AcquireResult): Lease {
  if (result.kind !== 'granted') throw new Error(result.kind);
  return result.lease;
}

const writes = (server: GitRefsServer) => server.requests.filter((name) => !name.startsWith('GET')).length;

describe('budgets in git refs', () => {
  it('are drawn from with the claim and get back what was not spent', async () => {
    await using at = await fixture();
    const lease = granted(await at.client().acquire(ask(1, 'a', from({ microUsd: 10_000_000 }))));
    expect(await at.books.read(today)).toMatchObject({ reserved: asks, spent: nothing, runs: 1 });
    expect(await at.client().read(lease.key)).toMatchObject({
      reservation: { keys: [repository, today], amounts: asks },
    });
    expect(await at.client().release(lease, spent)).toEqual({ kind: 'released' });
    expect(await at.books.read(today)).toMatchObject({ reserved: nothing, spent, runs: 0 });
    expect((await at.client().read(lease.key))?.reservation).toBeUndefined();
    expect(await at.client().release(lease, spent)).toEqual({ kind: 'already-released' });
    expect(await at.books.read(repository)).toMatchObject({ spent });
  });

  it('refuse before anything is written when one of them has no room', async () => {
    await using at = await fixture();
    granted(await at.client().acquire(ask(1, 'a', from({ runs: 1 }))));
    const before = writes(at.server);
    const refused = await at.client().acquire(ask(2, 'b', from({ runs: 1 })));
    expect(refused).toMatchObject({ kind: 'over-budget', shortage: { limit: 'runs', cap: 1, used: 1 } });
    expect(writes(at.server)).toBe(before);
    expect(await at.client().read('github/octo/slug/issues/2')).toBeUndefined();
  });

  it('let no more in at the same time than they have room for, and leave nothing of the others', async () => {
    await using at = await fixture();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => at.client().acquire(ask(index, `l${index}`, from({ runs: 3 })))),
    );
    const ends = results.map(({ kind }) => kind);
    const winners = ends.filter((kind) => kind === 'granted').length;
    // Two who meet may both step back from the last place; more than three never stay.
    expect(winners).toBeGreaterThan(0);
    expect(winners).toBeLessThanOrEqual(3);
    expect(await at.books.read(repository)).toMatchObject({ runs: winners });
    expect(await at.books.read(today)).toMatchObject({ runs: winners });
    const held = [];
    for await (const record of at.client().list({ state: 'held' })) held.push(record);
    expect(held).toHaveLength(winners);
  });

  it('book all that a run reserved when its claim is stolen or taken over', async () => {
    await using at = await fixture();
    granted(await at.client().acquire(ask(1, 'a', from({}))));
    at.clock.advance(62_001);
    const thief = granted(await at.client().acquire(ask(1, 'b', from({}, [today]))));
    expect(thief.fence).toBe(2);
    expect(await at.books.read(repository)).toMatchObject({ reserved: nothing, spent: asks, runs: 0 });
    expect(await at.books.read(today)).toMatchObject({ reserved: asks, spent: asks, runs: 1 });
    const person = { owner: 'bob', runId: '-', kind: 'human', reason: 'mine' } as const;
    await at.client().takeOver({ key: thief.key, holder: person, leaseId: 'c', ttlMs: 1 });
    expect(await at.books.read(today)).toMatchObject({ reserved: nothing, runs: 0, spent: { turns: 20 } });
  });

  it('settle nothing for a lease that is no longer current', async () => {
    await using at = await fixture();
    const old = granted(await at.client().acquire(ask(1, 'a', from({}))));
    at.clock.advance(62_001);
    granted(await at.client().acquire(ask(1, 'b', from({}))));
    expect((await at.client().release(old, spent)).kind).toBe('not-mine');
    expect(await at.books.read(today)).toMatchObject({ reserved: asks, spent: asks, runs: 1 });
  });

  it('come out right wherever an acquiring process dies, when its claim is stolen and released', async () => {
    const places = Array.from({ length: 12 }, (_, index) => index + 1);
    for (const when of ['before', 'after'] as const) {
      for (const request of places) {
        await using at = await fixture();
        await errorOf(at.dying(request, when).acquire(ask(1, 'a', from({})))).catch(() => undefined);
        at.clock.advance(62_001);
        const thief = granted(await at.client().acquire(ask(1, 'b', from({}))));
        await at.client().release(thief, nothing);
        for (const key of [repository, today]) {
          const book = await at.books.read(key);
          expect(book, `${when} ${request} ${key}`).toMatchObject({ reserved: nothing, runs: 0 });
          expect([0, asks.turns]).toContain(book?.spent.turns);
        }
      }
    }
  });

  it('are finished by the same process asking again after its answer was lost', async () => {
    for (let request = 4; request <= 10; request += 1) {
      await using at = await fixture();
      await at
        .dying(request, 'after')
        .acquire(ask(1, 'a', from({ runs: 1 })))
        .catch(() => undefined);
      const lease = granted(await at.client().acquire(ask(1, 'a', from({ runs: 1 }))));
      expect(await at.books.read(repository)).toMatchObject({ reserved: asks, runs: 1 });
      expect(await at.books.read(today)).toMatchObject({ reserved: asks, runs: 1 });
      await at.client().release(lease, spent);
      expect(await at.books.read(today)).toMatchObject({ spent, runs: 0 });
    }
  });

  it('do not wait for a share whose claim has gone on without settling it', async () => {
    await using at = await fixture();
    granted(await at.client().acquire(ask(1, 'a', from({ runs: 1 }))));
    at.clock.advance(62_001);
    // Stolen by somebody who draws from nothing and dies before the old share is settled.
    const bystander = at.dying(3, 'after');
    await bystander.acquire(ask(1, 'b')).catch(() => undefined);
    expect(await at.client().read('github/octo/slug/issues/1')).toMatchObject({ leaseId: 'b' });
    expect(await at.books.read(repository)).toMatchObject({ runs: 1 });
    granted(await at.client().acquire(ask(2, 'c', from({ runs: 1 }))));
    expect(await at.books.read(repository)).toMatchObject({ runs: 1, spent: asks, reserved: asks });
  });

  it('never hold more than was asked for, whoever draws, releases, steals and dies', async () => {
    const step = fc.record({
      who: fc.nat(2),
      do: fc.constantFrom('acquire', 'release', 'wait', 'die'),
      at: fc.integer({ min: 1, max: 9 }),
    });
    const property = fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      await using at = await fixture();
      const leases = new Map<number, Lease>();
      for (const [index, { who, do: what, at: request }] of steps.entries()) {
        const options = ask(who, `l${who}-${index}`, from({ runs: 2 }, [repository]));
        if (what === 'wait') at.clock.advance(40_000);
        const lease = leases.get(who);
        if (what === 'release' && lease !== undefined) await at.client().release(lease, spent);
        if (what === 'die')
          await at
            .dying(request, 'after')
            .acquire(options)
            .catch(() => undefined);
        if (what !== 'acquire') continue;
        const result = await at.client().acquire(options);
        if (result.kind === 'granted') leases.set(who, result.lease);
      }
      const held = [];
      for await (const record of at.client().list({ state: 'held' })) held.push(record);
      const book = await at.books.read(repository);
      expect(book?.runs ?? 0).toBeLessThanOrEqual(2);
      expect(book?.reserved.turns ?? 0).toBe((book?.runs ?? 0) * asks.turns);
    });
    await fc.assert(property, { numRuns: 10 });
  });

  it('take the limits that a person sets, for the open book and for those to come', async () => {
    await using at = await fixture();
    at.clock.advance(Date.UTC(2026, 10, 21, 12) - at.clock.now());
    const scope = `${repository}/day`;
    granted(await at.client().acquire(ask(1, 'a', from({ runs: 5 }, [today]))));
    expect(await at.books.caps(scope)).toBeUndefined();
    await at.books.setCaps(scope, { runs: 1 }, 'github/alice');
    expect(await at.books.caps(scope)).toEqual({ runs: 1 });
    expect(await at.books.read(today)).toMatchObject({ caps: { runs: 1 }, runs: 1 });
    const tomorrow = `${scope}/2026-11-22`;
    granted(await at.client().acquire(ask(2, 'b', from({ runs: 5 }, [tomorrow]))));
    expect(await at.books.read(tomorrow)).toMatchObject({ caps: { runs: 1 } });
    const listed = [];
    for await (const { key } of at.books.list(`${repository}/`)) listed.push(key);
    expect(listed).toEqual([today, tomorrow]);
  });

  it('follow the limits that a claim names, until a person sets others', async () => {
    await using at = await fixture();
    const first = granted(await at.client().acquire(ask(1, 'a', from({ runs: 1 }, [repository]))));
    expect((await at.client().acquire(ask(2, 'b', from({ runs: 1 }, [repository])))).kind).toBe('over-budget');
    granted(await at.client().acquire(ask(2, 'b', from({ runs: 2 }, [repository]))));
    expect(await at.books.read(repository)).toMatchObject({ caps: { runs: 2 }, runs: 2 });
    await at.books.setCaps(repository, { runs: 1 }, 'github/alice');
    await at.client().release(first, spent);
    expect((await at.client().acquire(ask(3, 'c', from({ runs: 9 }, [repository])))).kind).toBe('over-budget');
  });

  it('of an issue, a repository and its day are drawn from and settled in one change', async () => {
    await using at = await fixture();
    const keys = ['issue/octo/slug/1', repository, today];
    const lease = granted(await at.client().acquire(ask(1, 'a', from({}, keys))));
    const drawn = at.server.requests.length;
    // The claim: one read, two writes; the books the same.
    expect(drawn).toBeLessThanOrEqual(7);
    await at.client().release(lease, spent);
    expect(at.server.requests.length - drawn).toBeLessThanOrEqual(6);
    for (const key of keys) expect(await at.books.read(key)).toMatchObject({ spent, runs: 0 });
  });

  it('are never taken for empty when somebody wrote junk over them', async () => {
    await using at = await fixture();
    granted(await at.client().acquire(ask(1, 'a', from({}))));
    at.server.commits.set('junk', { message: 'record: {"schema":1,"books":[]}', tree: 't', parents: [] });
    at.server.refs.set(`refs/${budgetRef(repository)}`, 'junk');
    expect(await errorOf(at.client().acquire(ask(2, 'b', from({}))))).toMatchObject({ code: 'E701' });
  });
});

describe('the ref of a ledger', () => {
  it.each([
    ['repository/octo/slug', 'agents/budgets/repository+octo+slug'],
    ['organisation/octo', 'agents/budgets/organisation+octo'],
  ])('tells whose it is: %s', (scope, ref) => {
    expect(budgetRef(scope)).toBe(ref);
  });

  it.each(['repository/octo/a..b', 'repository/octo/x.lock', '-x'])(
    'is a hash where git would not take the name: %s',
    (scope) => {
      expect(budgetRef(scope)).toMatch(/^agents\/budgets\/[0-9a-f]{32}$/);
    },
  );
});
