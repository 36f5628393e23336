import { describe, expect, test } from 'vitest';
import { createInstallationTokens, type TokenRoom } from '../../../src/flows/installation-token.ts';
import { memorySealedTokens, reversingSealer } from '../../fakes/memory-sealed-tokens.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const minute = 60_000;

function tokenRoom() {
  const clock = simulatedClock();
  const mints: { readonly at: number; readonly installation: number }[] = [];
  let ids = 0;
  const room: TokenRoom = {
    app: {
      mintToken: async (installation) => {
        await clock.sleep(300);
        mints.push({ at: clock.now(), installation });
        return { token: `ghs_${installation}_${mints.length}`, expiresAt: clock.now() + 60 * minute };
      },
    },
    store: memorySealedTokens(),
    sealer: reversingSealer(),
    clock,
    newId: () => {
      ids += 1;
      return `turn-${ids}`;
    },
  };
  /** Time goes on while anybody waits. */
  const settle = async <Value>(work: Promise<Value>): Promise<Value> => {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    finished.catch(() => {});
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = clock.untilNext();
      if (next !== undefined) clock.advance(next);
    }
    return finished;
  };
  return { room, clock, mints, settle };
}

describe('the token of an installation', () => {
  test('is made once for 32 askers at once, over processes that know nothing of each other', async () => {
    const { room, mints, settle } = tokenRoom();
    const askers = Array.from({ length: 32 }, () => createInstallationTokens(room));
    const tokens = await settle(Promise.all(askers.map((ask) => ask(123))));
    expect(new Set(tokens)).toEqual(new Set(['ghs_123_1']));
    expect(mints).toHaveLength(1);
  });

  test('is made at most once in fifty minutes, whatever is restarted', async () => {
    const { room, clock, mints, settle } = tokenRoom();
    for (let minutes = 0; minutes < 300; minutes += 1) {
      const askers = Array.from({ length: 4 }, () => createInstallationTokens(room));
      await settle(Promise.all(askers.map((ask) => ask(123))));
      clock.advance(minute);
    }
    const apart = mints.slice(1).map(({ at }, index) => at - (mints[index]?.at ?? 0));
    expect(mints.length).toBeGreaterThan(4);
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(50 * minute);
  });

  test('is another one for another installation, and never lies in the store as it is', async () => {
    const { room, mints, settle } = tokenRoom();
    const ask = createInstallationTokens(room);
    expect(await settle(Promise.all([ask(1), ask(2)]))).toEqual(['ghs_1_1', 'ghs_2_2']);
    const stored = await room.store.read(1);
    expect(Buffer.from(stored?.sealed ?? []).toString()).not.toContain('ghs_1_1');
    expect(mints).toHaveLength(2);
  });

  test('of a maker that died is made by the next one when its turn is over', async () => {
    const { room, clock, mints, settle } = tokenRoom();
    const now = clock.now();
    await room.store.takeTurn(123, { turn: 'dead', now, until: now + 10_000, mintedBefore: now });
    expect(await settle(createInstallationTokens(room)(123))).toBe('ghs_123_1');
    expect(mints[0]?.at).toBeGreaterThan(now + 10_000);
  });

  test('that GitHub does not make is a fault, and the next asker may try at once', async () => {
    const { room, settle } = tokenRoom();
    const failing = createInstallationTokens({
      ...room,
      app: { mintToken: async () => Promise.reject(new Error('no')) },
    });
    await expect(settle(failing(123))).rejects.toThrow('no');
    expect(await settle(createInstallationTokens(room)(123))).toBe('ghs_123_1');
  });
});
