import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimHolder, clockSkewMs, type Lease } from '../../src/domain/claim.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { type ClaimStoreFixture, granted, holder, key, minute, request } from './claim-store.fixture.ts';
import { claimTakeoverContract } from './claim-takeover.contract.ts';

/** What every claim store promises; those that keep budgets promise `claimBudgetContract` as well. `open` gives an empty store that reads time from the clock. */
export function claimStoreContract(
  name: string,
  open: (clock: SimulatedClock) => Promise<ClaimStoreFixture>,
  contenders = 8,
): void {
  describe(`${name} keeps claims`, () => {
    it('grants a free claim with fence 1 and shows it', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      expect(await store.read(key)).toBeUndefined();
      const lease = granted(await store.acquire(request('a')));
      expect(lease).toEqual({ key, leaseId: 'lease-a', fence: 1, expiresAt: clock.now() + 30 * minute });
      expect(await fixture.client().read(key)).toEqual({
        schema: 1,
        key,
        state: 'held',
        holder: holder('a'),
        leaseId: 'lease-a',
        fence: 1,
        acquiredAt: clock.now(),
        expiresAt: clock.now() + 30 * minute,
        ttlMs: 30 * minute,
      });
    });

    it('grants to exactly one of many who ask at once, and tells all others who it is', async () => {
      await using fixture = await open(simulatedClock());
      const names = Array.from({ length: contenders }, (_, index) => `c${index}`);
      const results = await Promise.all(names.map((contender) => fixture.client().acquire(request(contender))));
      const winners = results.filter((result) => result.kind === 'granted');
      expect(winners).toHaveLength(1);
      const winner = (await fixture.client().read(key))?.holder.owner;
      for (const result of results) if (result.kind === 'refused') expect(result.record.holder.owner).toBe(winner);
    });

    it('grants to exactly one of many who want an expired claim', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      granted(await fixture.client().acquire(request('old', { ttlMs: minute })));
      clock.advance(minute + clockSkewMs + 1);
      const names = Array.from({ length: contenders }, (_, index) => `c${index}`);
      const results = await Promise.all(names.map((contender) => fixture.client().acquire(request(contender))));
      const leases = results.flatMap((result) => (result.kind === 'granted' ? [result] : []));
      expect(leases).toHaveLength(1);
      expect(leases[0]?.lease.fence).toBe(2);
      expect(leases[0]?.stolenFrom?.holder.owner).toBe('old');
    });

    it('keeps claims on different keys apart', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      const other = 'github/octo/slug/issues/2';
      const named = 'locks/release-train';
      expect(granted(await store.acquire(request('a'))).fence).toBe(1);
      expect(granted(await store.acquire(request('b', { key: other }))).fence).toBe(1);
      expect(granted(await store.acquire(request('c', { key: named }))).fence).toBe(1);
      expect((await store.read(named))?.holder.owner).toBe('c');
    });

    it('takes the same lease asked for again as a lost answer: granted, same fence', async () => {
      await using fixture = await open(simulatedClock());
      const first = granted(await fixture.client().acquire(request('a')));
      expect(granted(await fixture.client().acquire(request('a')))).toEqual(first);
    });

    it('waits for the lease and the difference of clocks before a claim can be taken', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      granted(await fixture.client().acquire(request('a', { ttlMs: minute })));
      clock.advance(minute + clockSkewMs);
      expect((await fixture.client().acquire(request('b'))).kind).toBe('refused');
      clock.advance(1);
      const taken = await fixture.client().acquire(request('b'));
      expect(taken).toMatchObject({ kind: 'granted', lease: { fence: 2 }, stolenFrom: { fence: 1 } });
    });

    it('hands the claim of a dead run over before it expires, and asks only about runs', async () => {
      await using fixture = await open(simulatedClock());
      granted(await fixture.client().acquire(request('a')));
      const asked: string[] = [];
      const dead = async (record: { holder: ClaimHolder }) => asked.push(record.holder.owner) > 0;
      const taken = await fixture.client().acquire(request('b', { holderIsDead: dead }));
      expect(taken).toMatchObject({ kind: 'granted', lease: { fence: 2 }, stolenFrom: { holder: { owner: 'a' } } });
      expect(asked).toEqual(['a']);
    });

    it('never takes a claim from a person, late or not', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      granted(
        await fixture.client().acquire(request('bob', { holder: holder('bob', { kind: 'human' }), ttlMs: minute })),
      );
      clock.advance(1_000 * minute);
      const result = await fixture.client().acquire(request('b', { holderIsDead: async () => true }));
      expect(result).toMatchObject({ kind: 'refused', record: { holder: { owner: 'bob', kind: 'human' } } });
    });

    it('renews with a longer lease and the same fence', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      const lease = granted(await store.acquire(request('a', { ttlMs: minute })));
      clock.advance(minute / 2);
      const renewed = await store.renew(lease, 10 * minute);
      expect(renewed).toEqual({ ...lease, expiresAt: clock.now() + 10 * minute });
      clock.advance(5 * minute);
      expect((await store.acquire(request('b'))).kind).toBe('refused');
      expect((await store.read(key))?.fence).toBe(1);
    });

    it('notes progress apart from life, and never makes a lease shorter', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      const lease = granted(await store.acquire(request('a', { ttlMs: 10 * minute })));
      const began = clock.now();
      clock.advance(minute);
      expect((await store.renew(lease, minute))?.expiresAt).toBe(lease.expiresAt);
      expect((await store.read(key))?.progressAt ?? began).toBe(began);
      await store.renew(lease, 10 * minute, true);
      expect(await store.read(key)).toMatchObject({ progressAt: clock.now(), acquiredAt: began });
    });

    it('neither renews nor releases for a lease that is not the current one', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const store = fixture.client();
      const old = granted(await store.acquire(request('a', { ttlMs: minute })));
      clock.advance(minute + clockSkewMs + 1);
      const current = granted(await store.acquire(request('b')));
      expect(await store.renew(old, minute)).toBeUndefined();
      expect(await store.release(old)).toMatchObject({ kind: 'not-mine', record: { holder: { owner: 'b' } } });
      expect((await store.release({ ...current, fence: 1 })).kind).toBe('not-mine');
      expect((await store.release({ ...current, leaseId: 'guessed' })).kind).toBe('not-mine');
      expect(await store.read(key)).toMatchObject({ state: 'held', holder: { owner: 'b' } });
      const nowhere = { ...current, key: 'github/octo/slug/issues/9' };
      expect(await store.release(nowhere)).toEqual({ kind: 'not-mine' });
    });

    it('frees a claim on release and keeps its fence, so that the next grant is higher', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      const lease = granted(await store.acquire(request('a')));
      expect(await store.release(lease)).toEqual({ kind: 'released' });
      expect(await store.read(key)).toMatchObject({ state: 'free', fence: 1 });
      expect(await store.release(lease)).toEqual({ kind: 'already-released' });
      const next = await store.acquire(request('b'));
      expect(next).toMatchObject({ kind: 'granted', lease: { fence: 2 } });
      expect(next.kind === 'granted' && next.stolenFrom).toBeUndefined();
    });

    it('gives a lease that was released anew to its holder, with a higher fence', async () => {
      await using fixture = await open(simulatedClock());
      const store = fixture.client();
      await store.release(granted(await store.acquire(request('a'))));
      expect(granted(await store.acquire(request('a'))).fence).toBe(2);
    });

    it('grants with fences that only grow, whatever happens in between', async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constantFrom('acquire', 'renew', 'release'), who: fc.nat(2) }),
        fc.record({ do: fc.constant('wait'), who: fc.nat(90) }),
      );
      const property = fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const clock = simulatedClock();
        await using fixture = await open(clock);
        const leases = new Map<number, Lease>();
        let highest = 0;
        for (const [at, { do: what, who }] of steps.entries()) {
          const store = fixture.client();
          const lease = leases.get(who);
          if (what === 'wait') clock.advance(who * 1_000);
          if (what === 'release' && lease !== undefined) await store.release(lease);
          if (what === 'renew' && lease !== undefined) await store.renew(lease, minute);
          if (what !== 'acquire') continue;
          const before = await store.read(key);
          const result = await store.acquire(request(`p${who}`, { leaseId: `lease-${at}`, ttlMs: minute }));
          const live = before?.state === 'held' && before.expiresAt + clockSkewMs >= clock.now();
          expect(result.kind).toBe(live ? 'refused' : 'granted');
          if (result.kind !== 'granted') continue;
          expect(result.lease.fence).toBe(highest + 1);
          highest = result.lease.fence;
          leases.set(who, result.lease);
        }
      });
      await fc.assert(property, { numRuns: 12 });
    });

    claimTakeoverContract(open);
  });
}
