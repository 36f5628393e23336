import { isLiveAdmin } from '../domain/access/key-state.ts';
import type { ApiKeyStore } from '../ports/api-key-store.ts';
import type { Clock } from '../ports/clock.ts';
import { newSecret } from '../server/access/api-key-secret.ts';

/**
 * Makes an admin key when there is none that counts, or when it is asked for: whoever may write the store's file may do
 * everything anyway. The key itself is given back this once; the store has only its hash.
 */
export async function makeAdminKey(
  keys: ApiKeyStore,
  clock: Clock,
  when: 'if-none' | 'always',
): Promise<string | undefined> {
  const now = clock.now();
  if (when === 'if-none' && (await keys.list()).some((key) => isLiveAdmin(key, now))) return undefined;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'admin' : `admin-${number}`;
    const { id, token, hash } = newSecret();
    const key = { id, name, role: 'admin', createdAt: now, createdBy: 'system' } as const;
    if ((await keys.add({ key, hash })) === 'added') return token;
  }
}
