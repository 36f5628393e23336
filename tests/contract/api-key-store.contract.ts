import { describe, expect, test } from 'vitest';
import type { ApiKey } from '../../src/domain/access/api-key.ts';
import type { ApiKeyStore } from '../../src/ports/api-key-store.ts';

export type OpenApiKeyStore = () => Promise<{ readonly store: ApiKeyStore } & AsyncDisposable>;

const key: ApiKey = {
  id: '0123456789abcdef',
  name: 'ci',
  role: 'operator',
  repositories: ['octo/slug'],
  createdAt: 1,
  createdBy: 'key/admin',
  expiresAt: 9,
};
const hash = 'a'.repeat(64);

/** Every store of API keys keeps these. */
export function apiKeyStoreContract(name: string, open: OpenApiKeyStore): void {
  describe(`API keys in ${name}`, () => {
    test('are found as they were added, by their id', async () => {
      await using it = await open();
      expect(await it.store.add({ key, hash })).toBe('added');
      expect(await it.store.find(key.id)).toEqual({ key, hash });
      expect(await it.store.find('fedcba9876543210')).toBeUndefined();
    });

    test('have names and ids of their own, of those that are not revoked', async () => {
      await using it = await open();
      await it.store.add({ key, hash });
      expect(await it.store.add({ key: { ...key, id: '2' }, hash })).toBe('exists');
      expect(await it.store.add({ key: { ...key, name: 'other' }, hash })).toBe('exists');
      await it.store.revoke(key.id, 5);
      expect(await it.store.add({ key: { ...key, id: '2' }, hash })).toBe('added');
      expect((await it.store.list()).map(({ id }) => id)).toEqual([key.id, '2']);
    });

    test('keep the secret before the last rotation as the old one', async () => {
      await using it = await open();
      await it.store.add({ key, hash });
      const [second, third] = ['b'.repeat(64), 'c'.repeat(64)];
      const rotated = { ...key, rotatedAt: 3, oldSecretUntil: 7 };
      expect(await it.store.rotate(key.id, { hash: second, at: 3, oldSecretUntil: 7 })).toEqual(rotated);
      expect(await it.store.find(key.id)).toEqual({ key: rotated, hash: second, oldHash: hash });
      await it.store.rotate(key.id, { hash: third, at: 4, oldSecretUntil: 8 });
      expect(await it.store.find(key.id)).toMatchObject({ hash: third, oldHash: second });
      expect(await it.store.rotate('2', { hash: third, at: 4, oldSecretUntil: 8 })).toBeUndefined();
    });

    test('are revoked once and for good', async () => {
      await using it = await open();
      await it.store.add({ key, hash });
      expect(await it.store.revoke(key.id, 5)).toEqual({ ...key, revokedAt: 5 });
      expect(await it.store.revoke(key.id, 6)).toEqual({ ...key, revokedAt: 5 });
      expect(await it.store.rotate(key.id, { hash, at: 6, oldSecretUntil: 7 })).toBeUndefined();
      expect(await it.store.revoke('2', 5)).toBeUndefined();
    });

    test('remember when they were used last', async () => {
      await using it = await open();
      await it.store.add({ key, hash });
      await it.store.used(key.id, 6);
      expect(await it.store.find(key.id)).toEqual({ key: { ...key, lastUsedAt: 6 }, hash });
      await it.store.used('2', 6);
      expect(await it.store.list()).toHaveLength(1);
    });
  });
}
