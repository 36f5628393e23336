import { describe, expect, test } from 'vitest';
import type { IdempotencyStore, IdempotentRequest } from '../../src/ports/idempotency-store.ts';
import { maxKeptBytes } from '../../src/server/idempotency.ts';

export type OpenIdempotencyStore = () => Promise<{ readonly store: IdempotencyStore } & AsyncDisposable>;

const request: IdempotentRequest = {
  caller: 'key/1',
  key: 'k',
  fingerprint: 'f',
  now: 1_000,
  lockedUntil: 2_000,
  keepUntil: 10_000,
};
const answer = { status: 200, contentType: 'application/json', body: '{"ü":"😀"}' };

/** Every store of answers by Idempotency-Key keeps these. */
export function idempotencyStoreContract(name: string, open: OpenIdempotencyStore): void {
  describe(`idempotency in ${name}`, () => {
    test('of many who come with one key at once exactly one does the work', async () => {
      await using it = await open();
      const begun = await Promise.all(Array.from({ length: 50 }, () => it.store.begin(request)));
      expect(begun.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(begun.filter(({ kind }) => kind === 'in-progress')).toHaveLength(49);
    });

    test('the answer is kept as it was, for the same request only', async () => {
      await using it = await open();
      const begun = await it.store.begin(request);
      if (begun.kind !== 'new') throw new Error(begun.kind);
      await it.store.finish(begun.token, answer);
      expect(await it.store.begin({ ...request, now: 9_999 })).toEqual({ kind: 'done', answer });
      expect(await it.store.begin({ ...request, fingerprint: 'other' })).toEqual({ kind: 'other-request' });
      expect(await it.store.begin({ ...request, caller: 'key/2' })).toMatchObject({ kind: 'new' });
      expect(await it.store.begin({ ...request, key: 'l' })).toMatchObject({ kind: 'new' });
    });

    test('the largest answer that the server keeps is kept', async () => {
      await using it = await open();
      const begun = await it.store.begin(request);
      if (begun.kind !== 'new') throw new Error(begun.kind);
      const large = { ...answer, body: 'ü'.repeat(maxKeptBytes / 2) };
      await it.store.finish(begun.token, large);
      expect(await it.store.begin(request)).toEqual({ kind: 'done', answer: large });
    });

    test('what was forgotten may be tried again', async () => {
      await using it = await open();
      const begun = await it.store.begin(request);
      if (begun.kind !== 'new') throw new Error(begun.kind);
      await it.store.forget(begun.token);
      expect(await it.store.begin(request)).toMatchObject({ kind: 'new' });
    });

    test('whoever died over its work is not waited for for ever, and cannot answer any more', async () => {
      await using it = await open();
      const dead = await it.store.begin(request);
      expect(await it.store.begin({ ...request, now: 1_999 })).toEqual({ kind: 'in-progress' });
      // Another request may not take the place of one that perhaps still runs.
      expect(await it.store.begin({ ...request, now: 2_000, fingerprint: 'other' })).toEqual({ kind: 'other-request' });
      const heir = await it.store.begin({ ...request, now: 2_000, lockedUntil: 3_000 });
      if (dead.kind !== 'new' || heir.kind !== 'new') throw new Error(heir.kind);
      await it.store.finish(dead.token, { ...answer, status: 500 });
      await it.store.forget(dead.token);
      expect(await it.store.begin({ ...request, now: 2_001 })).toEqual({ kind: 'in-progress' });
      await it.store.finish(heir.token, answer);
      await it.store.forget(heir.token);
      expect(await it.store.begin({ ...request, now: 2_002 })).toEqual({ kind: 'done', answer });
    });

    test('after its time a key is new, for any request', async () => {
      await using it = await open();
      const begun = await it.store.begin(request);
      if (begun.kind !== 'new') throw new Error(begun.kind);
      await it.store.finish(begun.token, answer);
      const later = { ...request, fingerprint: 'other', now: 10_000, lockedUntil: 11_000, keepUntil: 20_000 };
      expect(await it.store.begin(later)).toMatchObject({ kind: 'new' });
    });
  });
}
