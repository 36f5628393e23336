import type { ApiKey } from './api-key.ts';

/** Which of its two secrets was shown: that of now, or the one from before the last rotation. */
export type ShownSecret = 'current' | 'old' | 'neither';

export type KeyState =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly why: 'wrong-secret' | 'revoked' | 'expired' | 'rotated-out' };

/** Whether a key counts at this moment. */
export function decideKey(key: ApiKey, shown: ShownSecret, now: number): KeyState {
  if (shown === 'neither') return { kind: 'invalid', why: 'wrong-secret' };
  const revoked = key.revokedAt !== undefined;
  const expired = key.expiresAt !== undefined && key.expiresAt <= now;
  const rotatedOut = shown === 'old' && (key.oldSecretUntil === undefined || key.oldSecretUntil <= now);
  if (revoked) return { kind: 'invalid', why: 'revoked' };
  if (expired) return { kind: 'invalid', why: 'expired' };
  return rotatedOut ? { kind: 'invalid', why: 'rotated-out' } : { kind: 'valid' };
}

/** A key that can still be used to make others. */
export function isLiveAdmin(key: ApiKey, now: number): boolean {
  return key.role === 'admin' && key.repositories === undefined && decideKey(key, 'current', now).kind === 'valid';
}
