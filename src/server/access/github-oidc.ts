import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import { decideRunner, type RunnerDecision, type RunnerPolicy } from '../../domain/access/runner-policy.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import { repositoryName } from '../../wire/task.ts';

export interface OidcSettings {
  /** GitHub's, that of an Enterprise Server (`https://HOST/_services/token`), or of the embedded GitHub. */
  readonly issuer: string;
  /** What tokens must be made for: the address of this coordinator. */
  readonly audience: string;
  readonly policy: RunnerPolicy;
}

export type TokenDecision =
  | RunnerDecision
  /** The token proves nothing: who signed it, for whom, or when. */
  | { readonly kind: 'invalid'; readonly why: string };

export type VerifyToken = (token: string) => Promise<TokenDecision>;

/** Clocks of GitHub and ours may differ by this much, in seconds. */
const skewSeconds = 60;
const fetchMs = 5_000;
/** A token with an unknown key makes us ask for the keys again at most this often. */
const cooldownMs = 30_000;
const maxDiscoveryChars = 100_000;

const discoveryShape = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** https://docs.github.com/actions/reference/security/oidc */
const claimsShape = z.object({
  repository: repositoryName,
  repository_id: z.string().regex(/^[0-9]{1,20}$/),
  repository_owner_id: z.string().regex(/^[0-9]{1,20}$/),
  actor: z.string().min(1).max(200),
  run_id: z.string().regex(/^[0-9]{1,15}$/),
  run_attempt: z.string().regex(/^[1-9][0-9]{0,8}$/),
  event_name: z.string().min(1).max(100),
  workflow_ref: z.string().min(1).max(1_000),
  job_workflow_ref: z.string().min(1).max(1_000).optional(),
});

/** The issuer's keys are asked for once, with the first token, and kept. */
export function createTokenVerifier(settings: OidcSettings, clock: Clock): VerifyToken {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keySource = (): Promise<JWTVerifyGetKey> => {
    keys ??= discoverKeys(settings.issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };

  return async (token) => {
    const source = await keySource();
    try {
      const { payload } = await jwtVerify(token, source, {
        issuer: settings.issuer,
        audience: settings.audience,
        algorithms: ['RS256'],
        clockTolerance: skewSeconds,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'iat'],
      });
      const claims = claimsShape.safeParse(payload);
      if (!claims.success) return { kind: 'invalid', why: 'it lacks what GitHub says about a job' };
      const { data } = claims;
      return decideRunner(
        {
          repository: data.repository,
          repositoryId: data.repository_id,
          repositoryOwnerId: data.repository_owner_id,
          actor: data.actor,
          workflowRunId: data.run_id,
          workflowRunAttempt: Number(data.run_attempt),
          workflowRef: data.job_workflow_ref ?? data.workflow_ref,
          event: data.event_name,
        },
        settings.policy,
      );
    } catch (error) {
      const why = invalidBecause(error);
      if (why === undefined) throw issuerFault(settings.issuer, error);
      return { kind: 'invalid', why };
    }
  };
}

/** Undefined: the token was not judged, for its issuer could not be asked. */
function invalidBecause(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimText(error.claim);
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with RS256';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the issuer has no such key';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'it is no JSON web token';
  if (error instanceof errors.JOSENotSupported) return 'it uses what is not supported';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'it does not say which key signed it';
  return undefined;
}

function claimText(claim: string): string {
  switch (claim) {
    case 'iss':
      return 'another issuer made it';
    case 'aud':
      return 'it was made for another audience';
    case 'nbf':
      return 'it is not valid yet';
    default:
      return `its claim ${claim} is missing or wrong`;
  }
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  try {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(fetchMs),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const text = await answer.text();
    if (text.length > maxDiscoveryChars) throw new Error('its answer is too long');
    const document = discoveryShape.parse(JSON.parse(text));
    const place = new URL(document.jwks_uri);
    const isOwn = document.issuer === issuer && place.origin === new URL(issuer).origin;
    if (!isOwn) throw new Error('its document names another issuer');
    return createRemoteJWKSet(place, { cooldownDuration: cooldownMs, timeoutDuration: fetchMs });
  } catch (error) {
    throw issuerFault(issuer, error);
  }
}

function issuerFault(issuer: string, cause: unknown): EntropyError {
  if (cause instanceof EntropyError) return cause;
  return new EntropyError({
    code: 'E720',
    message: `the issuer of OIDC tokens ${issuer} could not be asked for its keys: ${describeError(cause)}`,
    fix: 'check that this machine reaches it; callers with API keys are not affected',
    retryable: true,
    cause,
  });
}
