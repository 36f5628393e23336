import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { Clock } from '../../../ports/clock.ts';

/** What a job's ID token says about the job (docs: "OpenID Connect reference", the claims of a token). */
export type JobClaims = Readonly<Record<string, string>>;

/** What the runner puts into the environment of a job that has `id-token: write`. */
export interface IdTokenRequest {
  readonly url: string;
  readonly token: string;
}

/** As GitHub's: good for five minutes, and valid from ten minutes before it was made. */
const lifetimeSeconds = 300;
const earlierSeconds = 600;

/** The issuer of ID tokens for jobs: `<url>/_services/token`, as a GitHub server of one's own names it. */
export class IdTokens {
  readonly issuer: string;
  readonly #clock: Clock;
  readonly #jobs = new Map<string, JobClaims>();
  #pair: { readonly kid: string; readonly privateKey: KeyObject } | undefined;

  constructor(webUrl: string, clock: Clock) {
    this.issuer = `${webUrl}/_services/token`;
    this.#clock = clock;
  }

  /** A job may ask for tokens about itself, with a token of its own, until the server ends. */
  open(claims: JobClaims): IdTokenRequest {
    const token = randomBytes(32).toString('base64url');
    this.#jobs.set(token, claims);
    return { url: `${this.issuer}/idtoken?api-version=2.0`, token };
  }

  /** The signed token; undefined for a request token that nobody was given. */
  async mint(requestToken: string, audience: string | undefined): Promise<string | undefined> {
    const claims = this.#jobs.get(requestToken);
    if (claims === undefined) return undefined;
    const { SignJWT } = await import('jose');
    const { kid, privateKey } = this.#keys();
    const now = Math.floor(this.#clock.now() / 1_000);
    return new SignJWT({ ...claims, jti: randomBytes(16).toString('hex') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(this.issuer)
      .setSubject(claims['sub'] ?? '')
      .setAudience(audience ?? `${new URL(this.issuer).origin}/${claims['repository_owner'] ?? ''}`)
      .setIssuedAt(now)
      .setNotBefore(now - earlierSeconds)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(privateKey);
  }

  /** The public half, as the discovery document's `jwks_uri` serves it. */
  jwks(): { readonly keys: readonly object[] } {
    const { kid, privateKey } = this.#keys();
    const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
    return { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] };
  }

  /** Made when first needed: most runs never ask, and an RSA key takes a tenth of a second. */
  #keys(): { readonly kid: string; readonly privateKey: KeyObject } {
    if (this.#pair === undefined) {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      });
      this.#pair = { kid: randomBytes(8).toString('hex'), privateKey: createPrivateKey(privateKey) };
    }
    return this.#pair;
  }
}
