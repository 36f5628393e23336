import { describe, expect, test } from 'vitest';
import type { SealedToken, SealedTokenStore } from '../../src/ports/sealed-token-store.ts';

export type OpenSealedTokenStore = () => Promise<{ readonly store: SealedTokenStore } & AsyncDisposable>;

const token = (mintedAt: number): SealedToken => ({
  sealed: new Uint8Array([0, 255, 128, mintedAt % 256]),
  mintedAt,
  expiresAt: mintedAt + 3_600_000,
});
const asked = { turn: 'first', now: 1_000, until: 31_000, mintedBefore: 500 };

/** Every store of installations' sealed tokens keeps these. */
export function sealedTokenStoreContract(name: string, open: OpenSealedTokenStore): void {
  describe(`sealed tokens in ${name}`, () => {
    test('are as they were put, for their installation alone', async () => {
      await using it = await open();
      expect(await it.store.read(7)).toBeUndefined();
      expect(await it.store.takeTurn(7, asked)).toBe('mine');
      expect(await it.store.read(7)).toBeUndefined();
      expect(await it.store.put(7, 'first', token(1_100))).toBe('stored');
      expect(await it.store.read(7)).toEqual(token(1_100));
      expect(await it.store.read(8)).toBeUndefined();
    });

    test('are made by one of many who ask at the same moment', async () => {
      await using it = await open();
      const turns = Array.from({ length: 20 }, (_, at) => it.store.takeTurn(7, { ...asked, turn: `turn-${at}` }));
      expect((await Promise.all(turns)).filter((turn) => turn === 'mine')).toHaveLength(1);
    });

    test('are not made again while the stored one is young enough', async () => {
      await using it = await open();
      await it.store.takeTurn(7, asked);
      await it.store.put(7, 'first', token(1_100));
      expect(await it.store.takeTurn(7, { ...asked, turn: 'second', mintedBefore: 1_100 })).toBe('taken');
      expect(await it.store.takeTurn(7, { ...asked, turn: 'third', mintedBefore: 1_101 })).toBe('mine');
      expect(await it.store.read(7)).toEqual(token(1_100));
      await it.store.put(7, 'third', token(2_000));
      expect(await it.store.read(7)).toEqual(token(2_000));
    });

    test('are made by the next one when a turn was given up, or its owner died', async () => {
      await using it = await open();
      await it.store.takeTurn(7, asked);
      await it.store.giveUp(7, 'somebody');
      expect(await it.store.takeTurn(7, { ...asked, turn: 'second', now: 30_999 })).toBe('taken');
      expect(await it.store.takeTurn(7, { ...asked, turn: 'second', now: 31_000, until: 61_000 })).toBe('mine');
      expect(await it.store.put(7, 'first', token(31_001))).toBe('late');
      expect(await it.store.read(7)).toBeUndefined();
      await it.store.giveUp(7, 'second');
      expect(await it.store.takeTurn(7, { ...asked, turn: 'third', now: 31_002, until: 61_000 })).toBe('mine');
      expect(await it.store.put(7, 'third', token(31_003))).toBe('stored');
    });
  });
}
