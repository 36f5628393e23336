import type { Hono } from 'hono';
import { tokenOf } from '../identity/tokens.ts';
import type { IdTokens } from './id-tokens.ts';

/** Discovery document, public keys, and the address where a job asks for a token about itself. */
export function addIdTokenEndpoints(app: Hono, idTokens: IdTokens): void {
  const { issuer } = idTokens;
  const path = new URL(issuer).pathname;
  app.get(`${path}/.well-known/openid-configuration`, (context) =>
    context.json({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
  );
  app.get(`${path}/.well-known/jwks`, (context) => context.json(idTokens.jwks()));
  app.get(`${path}/idtoken`, async (context) => {
    const requestToken = tokenOf(context.req.header('authorization'));
    const value = requestToken && (await idTokens.mint(requestToken, context.req.query('audience')));
    if (!value) return context.json({ message: 'The job may not ask for ID tokens.' }, 401);
    return context.json({ count: value.length, value });
  });
}
