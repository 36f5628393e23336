import type { AppKey } from '../../ports/app-key.ts';

/** GitHub takes ten minutes at most; the clocks of both may differ by a minute each way. */
const goodForMs = 9 * 60_000;
const clockSkewMs = 60_000;

export interface AppJwt {
  readonly token: string;
  /** Milliseconds since 1970; not to be used any more from then on. */
  readonly expiresAt: number;
}

/** With this the GitHub App signs in as itself: a JSON web token with `RS256`, signed where its key is. */
export async function signAppJwt(key: AppKey, appId: number, now: number): Promise<AppJwt> {
  const expiresAt = now + goodForMs;
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: seconds(now - clockSkewMs), exp: seconds(expiresAt), iss: String(appId) };
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = await key.sign(Buffer.from(unsigned));
  return { token: `${unsigned}.${Buffer.from(signature).toString('base64url')}`, expiresAt: expiresAt - clockSkewMs };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
