import * as z from 'zod';
import { isLoopback } from '../../domain/coordinator-url.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import { readBounded } from './read-bounded.ts';

/** What a caller shows in `Authorization: Bearer`. */
export interface CallerToken {
  current(signal: AbortSignal): Promise<string>;
  /** The coordinator did not accept the last one: whether another one can be had. */
  renew(): boolean;
}

/** A key of a person or a program; there is only this one. */
export function apiKeyToken(key: string): CallerToken {
  return { current: async () => key, renew: () => false };
}

export interface JobTokenOptions {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN of the job. */
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly audience: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

/** Minted anew this long before the old one ends; GitHub's are good for five minutes. */
const marginMs = 60_000;
const timeoutMs = 10_000;
const maxBytes = 64 * 1024;
const answerShape = z.object({ value: z.string().min(1) });
const payloadShape = z.object({ exp: z.number() });

/**
 * The OIDC token of the job that we run in: GitHub tells about the job, so no secret is stored anywhere. Made for the one
 * coordinator that it is shown to (docs: "Configuring OpenID Connect in cloud providers").
 */
export function jobToken(options: JobTokenOptions): CallerToken {
  const { clock } = options;
  let kept: { readonly value: string; readonly until: number } | undefined;
  return {
    current: async (signal) => {
      if (kept !== undefined && clock.now() < kept.until) return kept.value;
      const value = await mint(options, signal);
      kept = { value, until: expiryOf(value) - marginMs };
      return value;
    },
    renew: () => {
      const had = kept !== undefined;
      kept = undefined;
      return had;
    },
  };
}

async function mint(options: JobTokenOptions, signal: AbortSignal): Promise<string> {
  const url = URL.canParse(options.requestUrl) ? new URL(options.requestUrl) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && !isLoopback(url.hostname))) {
    throw noToken('ACTIONS_ID_TOKEN_REQUEST_URL is not an https address');
  }
  url.searchParams.set('audience', options.audience);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const send = options.fetch ?? globalThis.fetch;
  try {
    const answer = await send(url, {
      headers: { authorization: `bearer ${options.requestToken}`, accept: 'application/json' },
      redirect: 'error',
      signal: limit,
    });
    const body = await readBounded(answer, maxBytes);
    if (answer.status !== 200) throw noToken(`GitHub answered ${answer.status}`);
    return answerShape.parse(JSON.parse(body)).value;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EntropyError) throw error;
    throw noToken('GitHub could not be asked for it', error);
  }
}

/** Its own `exp`; the coordinator checks it, here it only says when to ask for the next. */
function expiryOf(token: string): number {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    return payloadShape.parse(JSON.parse(payload)).exp * 1_000;
  } catch (error) {
    throw noToken('GitHub answered with something that is no token', error);
  }
}

function noToken(why: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E721',
    message: 'the job got no OIDC token for the coordinator',
    why,
    fix: 'give the job the permission:\n  permissions:\n    id-token: write',
    ...(cause !== undefined && { cause }),
  });
}
