import type { Caller } from '../../domain/access/caller.ts';
import { decideKey } from '../../domain/access/key-state.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { ApiKeyStore } from '../../ports/api-key-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { forbidden, type ProblemDetails, unauthorized, unavailable } from '../problems.ts';
import { looksLikeKey, parseKeyToken, shownSecret } from './api-key-secret.ts';
import type { TokenDecision, VerifyToken } from './github-oidc.ts';

export type Authenticated =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails };

export interface AuthenticateOptions {
  readonly keys: ApiKeyStore;
  /** Absent: workflow runs are not let in. */
  readonly verifyToken?: VerifyToken;
  readonly clock: Clock;
  readonly log: (text: string) => void;
}

/** When a key was used last is noted this often; more would make every read a write. */
const usedEveryMs = 60_000;
const maxTokenChars = 16_384;

/** Who calls, by the header `Authorization: Bearer …`. Neither token nor hash is ever part of a message. */
export async function authenticate(header: string | null, options: AuthenticateOptions): Promise<Authenticated> {
  const token = /^Bearer +([!-~]+)$/i.exec(header ?? '')?.[1];
  if (token === undefined || token.length > maxTokenChars) return refused('there is no key or token', wayIn(options));
  if (looksLikeKey(token)) return byKey(token, options);
  if (options.verifyToken === undefined) return refused('this is no API key', wayIn(options));
  try {
    return byToken(await options.verifyToken(token));
  } catch (error) {
    if (!(error instanceof EntropyError) || !error.retryable) throw error;
    options.log(describeError(error));
    return { kind: 'problem', problem: unavailable('the issuer of the token cannot be asked for its keys just now') };
  }
}

async function byKey(token: string, { keys, clock, log }: AuthenticateOptions): Promise<Authenticated> {
  const shown = parseKeyToken(token);
  const stored = shown === undefined ? undefined : await keys.find(shown.id);
  const now = clock.now();
  if (shown === undefined || stored === undefined) return refused('this key is not known', makeKey);
  const { key } = stored;
  const state = decideKey(key, shownSecret(stored, shown.hash), now);
  if (state.kind === 'invalid') return refused(reasons[state.why], makeKey);
  if (now - (key.lastUsedAt ?? 0) > usedEveryMs) {
    await keys.used(key.id, now).catch((error: unknown) => log(`use of key ${key.name}: ${describeError(error)}`));
  }
  const repositories = key.repositories?.map((repository) => repository.toLowerCase());
  return {
    kind: 'caller',
    caller: { kind: 'key', keyId: key.id, name: key.name, role: key.role, ...(repositories && { repositories }) },
  };
}

function byToken(decision: TokenDecision): Authenticated {
  switch (decision.kind) {
    case 'runner':
      return { kind: 'caller', caller: decision.caller };
    case 'invalid':
      return refused(
        `the OIDC token was not accepted: ${decision.why}`,
        'let the job ask GitHub for a new one, with the audience of this coordinator',
      );
    case 'refused':
      return {
        kind: 'problem',
        problem: forbidden(
          `the ${decision.what} ${decision.value} is not among those that this coordinator lets in`,
          `whoever runs the coordinator allows it with --allow-${decision.what}`,
        ),
      };
    default:
      return decision satisfies never;
  }
}

function refused(detail: string, fix: string): Authenticated {
  return { kind: 'problem', problem: unauthorized(detail, fix) };
}

const makeKey =
  'an admin makes a new one: entropy-playground keys create NAME --role operator (POST /v1/keys); ' +
  'without an admin: serve --new-admin-key on the machine of the coordinator';

function wayIn({ verifyToken }: AuthenticateOptions): string {
  const job = verifyToken === undefined ? '' : '; a workflow job shows its OIDC token (permissions: id-token: write)';
  return `send Authorization: Bearer <API key>${job}`;
}

const reasons = {
  'wrong-secret': 'this key is not known',
  revoked: 'this key is revoked',
  expired: 'this key has expired',
  'rotated-out': 'this key was replaced by a newer one',
} as const;
