import { describe, expect, test } from 'vitest';
import type { CursorStore } from '../../src/ports/cursor-store.ts';

export type OpenCursorStore = () => Promise<{ readonly store: CursorStore } & AsyncDisposable>;

/** Every store of cursors keeps these. */
export function cursorStoreContract(name: string, open: OpenCursorStore): void {
  describe(`cursors in ${name}`, () => {
    test('are as they were written, each by its name', async () => {
      await using it = await open();
      const value = { page: 'naïve 😀', at: [1, null, { deep: true }] };
      expect(await it.store.read('hook-deliveries')).toBeUndefined();
      expect(await it.store.write('hook-deliveries', value, undefined)).toBe('written');
      expect((await it.store.read('hook-deliveries'))?.value).toEqual(value);
      expect(await it.store.read('hook-deliveries/2')).toBeUndefined();
    });

    test('are moved only by whoever saw where they stand', async () => {
      await using it = await open();
      await it.store.write('reconcile', 'a', undefined);
      expect(await it.store.write('reconcile', 'late', undefined)).toBe('moved');
      const seen = await it.store.read('reconcile');
      expect(seen?.version).toBe(1);
      expect(await it.store.write('reconcile', 'b', seen?.version)).toBe('written');
      expect((await it.store.read('reconcile'))?.version).toBe(2);
      expect(await it.store.write('reconcile', 'c', seen?.version)).toBe('moved');
      expect((await it.store.read('reconcile'))?.value).toBe('b');
    });

    test('go on from one place for exactly one of many', async () => {
      await using it = await open();
      await it.store.write('reconcile', 0, undefined);
      const seen = await it.store.read('reconcile');
      const asked = Array.from({ length: 10 }, (_, at) => it.store.write('reconcile', at + 1, seen?.version));
      expect((await Promise.all(asked)).filter((result) => result === 'written')).toHaveLength(1);
    });
  });
}
