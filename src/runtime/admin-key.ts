import { isLiveAdmin } from '../domain/access/key-state.ts';
import type { ApiKeyStore } from '../ports/api-key-store.ts';
import type { Clock } from '../ports/clock.ts';
import { newSecret } from '../server/access/api-key-secret.ts';

export interface AdminKeyWish {
  readonly when: 'if-none' | 'always';
  /** Hears the key before it counts: who is interrupted in between lost one that is good for nothing. */
  readonly tell?: (token: string) => Promise<void>;
}

/**
 * Makes an admin key when there is none that counts, or when it is asked for: whoever may write the store's file may do
 * everything anyway. The key itself is given back this once; the store has only its hash.
 */
export async function makeAdminKey(
  keys: ApiKeyStore,
  clock: Clock,
  { when, tell }: AdminKeyWish,
): Promise<string | undefined> {
  const now = clock.now();
  if (when === 'if-none' && (await keys.list()).some((key) => isLiveAdmin(key, now))) return undefined;
  const { id, token, hash } = newSecret();
  await tell?.(token);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'admin' : `admin-${number}`;
    const key = { id, name, role: 'admin', createdAt: now, createdBy: 'system' } as const;
    if ((await keys.add({ key, hash })) === 'added') return token;
  }
}
