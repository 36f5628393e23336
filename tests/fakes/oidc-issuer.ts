import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface OidcIssuer extends AsyncDisposable {
  readonly url: string;
  /** How often the keys were asked for. */
  readonly keyRequests: () => number;
  /** Answers 503 from now on, or no longer. */
  fail(failing: boolean): void;
  /** A token as GitHub makes it for a job; `claims` and `header` replace what is usual. */
  token(now: number, claims?: Readonly<Record<string, unknown>>, options?: TokenOptions): Promise<string>;
}

export interface TokenOptions {
  readonly header?: { readonly alg?: string; readonly kid?: string };
  /** Signed by a key that the issuer does not have. */
  readonly signedBy?: 'stranger';
}

export const jobClaims = {
  aud: 'https://coordinator.example',
  sub: 'repo:octo/slug:ref:refs/heads/main',
  repository: 'octo/slug',
  repository_id: '11',
  repository_owner: 'octo',
  repository_owner_id: '21',
  actor: 'ada',
  run_id: '4711',
  run_attempt: '1',
  event_name: 'issue_comment',
  workflow_ref: 'octo/slug/.github/workflows/agent.yml@refs/heads/main',
  job_workflow_ref: 'octo/slug/.github/workflows/agent.yml@refs/heads/main',
} as const;

const kid = 'key-1';

/** An issuer on loopback with a real RS256 key: discovery document, key set, tokens. */
export async function oidcIssuer(): Promise<OidcIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' };
  let asked = 0;
  let failing = false;
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const isKeys = request.url === '/.well-known/jwks';
    if (isKeys) asked += 1;
    response.statusCode = failing ? 503 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/.well-known/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    keyRequests: () => asked,
    fail: (value) => {
      failing = value;
    },
    token: (now, claims = {}, { header = {}, signedBy } = {}) => {
      const seconds = Math.floor(now / 1_000);
      const key: CryptoKey = signedBy === 'stranger' ? stranger.privateKey : privateKey;
      return new SignJWT({ iss: url, iat: seconds, nbf: seconds, exp: seconds + 300, ...jobClaims, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', ...header })
        .sign(key);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
