import { describe, expect, it } from 'vitest';
import { clockSkewMs } from '../../src/domain/claim.ts';
import { type Amounts, nothing } from '../../src/domain/coordination/amounts.ts';
import type { BudgetRecord, Reservation } from '../../src/domain/coordination/budget-record.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { type ClaimStoreFixture, granted, key, minute, request, takeover } from './claim-store.fixture.ts';

const repository = 'repository/octo/slug';
const organisation = 'organisation/octo';
const issue = (number: number) => `github/octo/slug/issues/${number}`;

function usd(dollars: number): Amounts {
  return { ...nothing, microUsd: dollars * 1_000_000 };
}

/** Five dollars for the repository, eight for the organisation. */
function asks(dollars: number): Reservation {
  return {
    draws: [
      { key: repository, caps: { microUsd: 5_000_000 } },
      { key: organisation, caps: { microUsd: 8_000_000 } },
    ],
    amounts: usd(dollars),
  };
}

/** What a book holds, told by the refusal of a claim that asks for more than there can be. */
async function book(store: ClaimStore, budget: string): Promise<BudgetRecord> {
  // With the limits that it has: a store may follow those of the newest claim while no person has set others.
  const draws = asks(0).draws.filter((draw) => draw.key === budget);
  const probe = request('probe', { key: issue(999), reserve: { draws, amounts: usd(1_000_000) } });
  const result = await store.acquire(probe);
  if (result.kind !== 'over-budget') throw new Error(`a probe was ${result.kind}`);
  expect(await store.read(issue(999))).toBeUndefined();
  return result.shortage.budget;
}

/** What a claim store promises that keeps budgets: a claim and what it draws are taken together or not at all. */
export function claimBudgetContract(name: string, open: (clock: SimulatedClock) => Promise<ClaimStoreFixture>): void {
  describe(`${name} keeps budgets with its claims`, () => {
    it('reserves from every budget with the claim, and the record remembers it while it is held', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      const lease = granted(await store.acquire(request('a', { reserve: asks(2) })));
      const reservation = { keys: [repository, organisation], amounts: usd(2) };
      expect(await store.read(key)).toMatchObject({ state: 'held', reservation });
      const held = { reserved: usd(2), spent: nothing, runs: 1 };
      expect(await book(store, repository)).toMatchObject({ ...held, caps: { microUsd: 5_000_000 } });
      expect(await book(store, organisation)).toMatchObject({ ...held, caps: { microUsd: 8_000_000 } });
      await store.release(lease, nothing);
      expect((await store.read(key))?.reservation).toBeUndefined();
    });

    it('takes nothing at all when one budget is short, and tells which, how much of it and what was asked', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      granted(await store.acquire(request('a', { reserve: asks(4) })));
      const refused = await store.acquire(request('b', { key: issue(2), reserve: asks(2) }));
      expect(refused).toMatchObject({
        kind: 'over-budget',
        shortage: { budget: { key: repository }, limit: 'microUsd', cap: 5_000_000, used: 4_000_000, asked: 2_000_000 },
      });
      expect(await store.read(issue(2))).toBeUndefined();
      expect(await book(store, organisation)).toMatchObject({ reserved: usd(4), runs: 1 });
      granted(await store.acquire(request('b', { key: issue(2), reserve: asks(1) })));
    });

    it('limits how many runs are at work at the same time, and frees the slot with the claim', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      const reserve = { draws: [{ key: repository, caps: { runs: 2 } }], amounts: nothing };
      const first = granted(await store.acquire(request('a', { key: issue(1), reserve })));
      granted(await store.acquire(request('b', { key: issue(2), reserve })));
      const third = request('c', { key: issue(3), reserve });
      expect(await store.acquire(third)).toMatchObject({
        kind: 'over-budget',
        shortage: { limit: 'runs', cap: 2, used: 2, asked: 1 },
      });
      await store.release(first, nothing);
      granted(await store.acquire(third));
    });

    it('books what was spent and gives the rest back', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      const lease = granted(await store.acquire(request('a', { reserve: asks(4) })));
      const spent = { ...usd(1), tokens: 12_345, turns: 7, minutes: 3, githubPoints: 20 };
      expect(await store.release(lease, spent)).toEqual({ kind: 'released' });
      expect(await book(store, repository)).toMatchObject({ reserved: nothing, spent, runs: 0 });
      expect(await store.release(lease, spent)).toEqual({ kind: 'already-released' });
      expect(await book(store, repository)).toMatchObject({ reserved: nothing, spent, runs: 0 });
    });

    it('books all that was reserved when nobody can tell what was spent', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      await store.release(granted(await store.acquire(request('a', { reserve: asks(4) }))));
      expect(await book(store, repository)).toMatchObject({ reserved: nothing, spent: usd(4), runs: 0 });
    });

    it('books more than was reserved when more was spent, so that the next one is refused', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      await store.release(granted(await store.acquire(request('a', { reserve: asks(4) }))), usd(5));
      const next = await store.acquire(request('b', { reserve: asks(1) }));
      expect(next).toMatchObject({ kind: 'over-budget', shortage: { used: 5_000_000 } });
    });

    it("settles a dead run's reservation at its ceiling when its claim is stolen", async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      const dead = granted(await store.acquire(request('a', { reserve: asks(3), ttlMs: minute })));
      clock.advance(minute + clockSkewMs + 1);
      granted(await store.acquire(request('b', { reserve: asks(2) })));
      expect(await book(store, repository)).toMatchObject({ reserved: usd(2), spent: usd(3), runs: 1 });
      expect((await store.release(dead, usd(1))).kind).toBe('not-mine');
      expect(await book(store, repository)).toMatchObject({ reserved: usd(2), spent: usd(3), runs: 1 });
    });

    it('steals into the very slot that the dead run leaves', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      const reserve = { draws: [{ key: repository, caps: { runs: 1 } }], amounts: nothing };
      granted(await store.acquire(request('a', { reserve, ttlMs: minute })));
      clock.advance(minute + clockSkewMs + 1);
      expect(granted(await store.acquire(request('b', { reserve }))).fence).toBe(2);
      expect((await store.acquire(request('c', { key: issue(2), reserve }))).kind).toBe('over-budget');
    });

    it('leaves a dead claim and its reservation as they are when the thief has no budget', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      granted(await store.acquire(request('a', { reserve: asks(3), ttlMs: minute })));
      clock.advance(minute + clockSkewMs + 1);
      expect((await store.acquire(request('b', { reserve: asks(3) }))).kind).toBe('over-budget');
      expect(await store.read(key)).toMatchObject({ state: 'held', fence: 1, holder: { owner: 'a' } });
      expect(await book(store, repository)).toMatchObject({ reserved: usd(3), spent: nothing, runs: 1 });
    });

    it('settles at the ceiling when a person takes over', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      granted(await store.acquire(request('a', { reserve: asks(3) })));
      expect((await store.takeOver(takeover('bob'))).kind).toBe('granted');
      expect(await book(store, repository)).toMatchObject({ reserved: nothing, spent: usd(3), runs: 0 });
      expect((await store.read(key))?.reservation).toBeUndefined();
    });

    it('reserves once when the same lease is asked for again', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      const first = granted(await store.acquire(request('a', { reserve: asks(3) })));
      expect(granted(await store.acquire(request('a', { reserve: asks(3) })))).toEqual(first);
      expect(await book(store, repository)).toMatchObject({ reserved: usd(3), runs: 1 });
    });

    it('never reserves more than the limit, however many ask at once', async () => {
      await using fixture = await open(simulatedClock());
      const numbers = Array.from({ length: 8 }, (_, index) => index + 1);
      const results = await Promise.all(
        numbers.map((number) =>
          fixture.client().acquire(request(`c${number}`, { key: issue(number), reserve: asks(2) })),
        ),
      );
      expect(results.filter((result) => result.kind === 'granted')).toHaveLength(2);
      expect(results.filter((result) => result.kind === 'over-budget')).toHaveLength(6);
      expect(await book(fixture.client(), repository)).toMatchObject({ reserved: usd(4), runs: 2 });
    });
  });
}
