import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ShownSecret } from '../../domain/access/key-state.ts';
import type { StoredApiKey } from '../../ports/api-key-store.ts';

export interface NewSecret {
  readonly id: string;
  /** `entropy_<id>_<secret>`: what the caller shows. */
  readonly token: string;
  readonly hash: string;
}

const tokenPattern = /^entropy_([0-9a-f]{16})_([0-9a-f]{64})$/;

/** 256 random bits; against those a fast hash is as good as a slow one, and costs the server nothing. */
export function newSecret(id: string = randomBytes(8).toString('hex')): NewSecret {
  const secret = randomBytes(32).toString('hex');
  return { id, token: `entropy_${id}_${secret}`, hash: hashOf(secret) };
}

export function parseKeyToken(token: string): { readonly id: string; readonly hash: string } | undefined {
  const [, id, secret] = tokenPattern.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, hash: hashOf(secret) };
}

export function looksLikeKey(token: string): boolean {
  return token.startsWith('entropy_');
}

export function shownSecret(stored: StoredApiKey, hash: string): ShownSecret {
  if (isSame(stored.hash, hash)) return 'current';
  return stored.oldHash !== undefined && isSame(stored.oldHash, hash) ? 'old' : 'neither';
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
