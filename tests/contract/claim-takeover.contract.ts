import { expect, it } from 'vitest';
import { clockSkewMs } from '../../src/domain/claim.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import {
  type ClaimStoreFixture,
  granted,
  key,
  listed,
  minute,
  person,
  request,
  takeover,
} from './claim-store.fixture.ts';

/** A part of the claim store's contract: people taking over, lists, effects, and the fence over all of it. */
export function claimTakeoverContract(open: (clock: SimulatedClock) => Promise<ClaimStoreFixture>): void {
  it('hands a living claim over to a person, with a higher fence, and the old holder can write no more', async () => {
    await using fixture = await open(simulatedClock());
    const old = granted(await fixture.client().acquire(request('a')));
    const taken = await fixture.client().takeOver(takeover('bob', { expectedFence: 1 }));
    expect(taken).toMatchObject({
      kind: 'granted',
      lease: { fence: 2 },
      takenFrom: { holder: { owner: 'a' }, fence: 1 },
    });
    const store = fixture.client();
    expect(await store.read(key)).toMatchObject({ state: 'held', holder: person('bob') });
    expect(await store.renew(old, minute)).toBeUndefined();
    expect((await store.beginEffect(old, 'open-pull-request')).kind).toBe('stale');
    expect((await store.release(old)).kind).toBe('not-mine');
  });

  it('refuses a takeover when the fence has moved on since the person looked', async () => {
    await using fixture = await open(simulatedClock());
    const store = fixture.client();
    await store.release(granted(await store.acquire(request('a'))));
    granted(await store.acquire(request('b')));
    const late = await store.takeOver(takeover('bob', { expectedFence: 1 }));
    expect(late).toMatchObject({ kind: 'refused', record: { fence: 2, holder: { owner: 'b' } } });
    expect((await store.read(key))?.holder.owner).toBe('b');
  });

  it('takes over what nobody holds, and takes the same takeover asked for again as a lost answer', async () => {
    await using fixture = await open(simulatedClock());
    const store = fixture.client();
    const first = await store.takeOver(takeover('bob'));
    expect(first).toMatchObject({ kind: 'granted', lease: { fence: 1 } });
    expect(first.kind === 'granted' && first.takenFrom).toBeUndefined();
    const again = await fixture.client().takeOver(takeover('bob', { expectedFence: 0 }));
    expect(again.kind === 'granted' && first.kind === 'granted' && again.lease).toEqual(
      first.kind === 'granted' && first.lease,
    );
    expect((await store.read(key))?.fence).toBe(1);
  });

  it('lists claims in the order of their keys, by state, kind, prefix and expiry', async () => {
    const clock = simulatedClock();
    await using fixture = await open(clock);
    const store = fixture.client();
    const at = (issue: string) => `github/octo/slug/issues/${issue}`;
    await store.acquire(request('late', { key: at('3'), ttlMs: minute }));
    await store.acquire(request('gone', { key: at('1') }));
    await store.acquire(request('bob', { key: at('2'), holder: person('bob'), ttlMs: minute }));
    await store.acquire(request('lock', { key: 'locks/release', ttlMs: 60 * minute }));
    await store.release({ key: at('1'), leaseId: 'lease-gone', fence: 1, expiresAt: 0 });
    const keys = async (filter: Parameters<typeof listed>[1]) =>
      (await listed(fixture.client(), filter)).map((record) => record.key);
    expect(await keys({})).toEqual([at('1'), at('2'), at('3'), 'locks/release']);
    expect(await keys({ state: 'free' })).toEqual([at('1')]);
    expect(await keys({ state: 'held', kind: 'agent' })).toEqual([at('3'), 'locks/release']);
    expect(await keys({ kind: 'human' })).toEqual([at('2')]);
    expect(await keys({ prefix: 'github/octo/slug/' })).toEqual([at('1'), at('2'), at('3')]);
    expect(await keys({ prefix: 'github/octo/s/' })).toEqual([]);
    expect(await keys({ expiredAt: clock.now() + minute + clockSkewMs })).toEqual([]);
    expect(await keys({ expiredAt: clock.now() + minute + clockSkewMs + 1 })).toEqual([at('3')]);
    const [shown] = await listed(store, { state: 'free' });
    expect(shown).toEqual(await store.read(at('1')));
  });

  it('tells whether an effect was begun before, by whatever fence, and lets no stale lease begin one', async () => {
    const clock = simulatedClock();
    await using fixture = await open(clock);
    const store = fixture.client();
    const old = granted(await store.acquire(request('a', { ttlMs: minute })));
    const first = await store.beginEffect(old, 'open-pull-request');
    expect(first.kind).toBe('may-act');
    const keepsEffects = first.kind === 'may-act' && first.before === 'never';
    const [fresh, again] = keepsEffects ? ['never', 'begun'] : ['unknown', 'unknown'];
    expect(first).toEqual({ kind: 'may-act', before: fresh });
    expect(await store.beginEffect(old, 'open-pull-request')).toEqual({ kind: 'may-act', before: again });
    expect(await store.beginEffect(old, 'comment')).toEqual({ kind: 'may-act', before: fresh });
    clock.advance(minute + clockSkewMs + 1);
    const current = granted(await fixture.client().acquire(request('b')));
    expect(await store.beginEffect(old, 'merge')).toMatchObject({ kind: 'stale', record: { holder: { owner: 'b' } } });
    expect(await store.beginEffect(current, 'open-pull-request')).toEqual({ kind: 'may-act', before: again });
    expect(await store.beginEffect(current, 'merge')).toEqual({ kind: 'may-act', before: fresh });
    await store.release(current);
    expect((await store.beginEffect(current, 'merge')).kind).toBe('stale');
    const nowhere = { ...current, key: 'github/octo/slug/issues/9' };
    expect(await store.beginEffect(nowhere, 'merge')).toEqual({ kind: 'stale' });
  });

  it('keeps the fence over release, theft, takeover and a new start', async () => {
    const clock = simulatedClock();
    await using fixture = await open(clock);
    await fixture.client().release(granted(await fixture.client().acquire(request('a'))));
    await fixture.reopen?.();
    expect(await fixture.client().read(key)).toMatchObject({ state: 'free', fence: 1 });
    granted(await fixture.client().acquire(request('b', { ttlMs: minute })));
    await fixture.reopen?.();
    clock.advance(minute + clockSkewMs + 1);
    expect(granted(await fixture.client().acquire(request('c'))).fence).toBe(3);
    await fixture.reopen?.();
    const taken = await fixture.client().takeOver(takeover('bob'));
    expect(taken).toMatchObject({ kind: 'granted', lease: { fence: 4 } });
    if (taken.kind === 'granted') await fixture.client().release(taken.lease);
    await fixture.reopen?.();
    expect(granted(await fixture.client().acquire(request('d'))).fence).toBe(5);
  });
}
