import type { AppKey } from '../../ports/app-key.ts';
import type { Clock } from '../../ports/clock.ts';

/** GitHub takes tokens that live for ten minutes at most; its clock may be behind ours, and ours behind its. */
const lifetimeMs = 9 * 60_000;
const backdatedMs = 60_000;
/** Not used to its last moment: the request has to arrive. */
const marginMs = 60_000;

/**
 * The JSON web token with which an App signs in as itself, kept while it is good: each is a call to whoever holds the key.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function createAppJwt(appId: number, key: AppKey, clock: Clock): () => Promise<string> {
  let kept: { readonly goodUntil: number; readonly token: Promise<string> } | undefined;
  return () => {
    const now = clock.now();
    if (kept !== undefined && now < kept.goodUntil) return kept.token;
    const token = signJwt(appId, key, now);
    const made = { goodUntil: now + lifetimeMs - backdatedMs - marginMs, token };
    kept = made;
    token.catch(() => {
      if (kept === made) kept = undefined;
    });
    return token;
  };
}

async function signJwt(appId: number, key: AppKey, now: number): Promise<string> {
  const issuedAt = Math.floor((now - backdatedMs) / 1_000);
  const claims = { iat: issuedAt, exp: issuedAt + lifetimeMs / 1_000, iss: String(appId) };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = await key.sign(new TextEncoder().encode(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
