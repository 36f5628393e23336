import { createHash } from 'node:crypto';
import { describeError } from '../domain/error.ts';
import type { StoredAnswer } from '../ports/idempotency-store.ts';
import type { Endpoint } from '../wire/endpoint.ts';
import { wireHeaders } from '../wire/headers.ts';
import { wireLimits } from '../wire/limits.ts';
import type { AppParts } from './app-options.ts';
import { notUnderstood, type ProblemDetails, problemResponse } from './problems.ts';

export interface IdempotentCall {
  readonly endpoint: Endpoint;
  readonly callerId: string;
  readonly requestId: string;
  /** As the caller sent it: path with parameters, and the body as it was read. */
  readonly target: string;
  readonly body: unknown;
  readonly header: string | null;
}

/** An answer longer than this is not kept; a repetition is then told so, and does nothing either. An item of DynamoDB has 400 KB. */
export const maxKeptBytes = 256 * 1024;

/**
 * Does the work once for each key of a caller. The key is taken by one conditional write before the work begins; whoever
 * comes second gets the answer of the first. A fault is not kept: what did not happen may be tried again.
 */
export async function once(
  { access, clock, limits, log }: Pick<AppParts, 'access' | 'clock' | 'limits' | 'log'>,
  call: IdempotentCall,
  work: () => Promise<Response>,
): Promise<Response> {
  const { endpoint, callerId, requestId, header } = call;
  if (header === null || endpoint.method !== 'POST' || endpoint.repeatable === true) return work();
  const isKey = header.length <= wireLimits.idempotencyKeyChars && /^[!-~]+$/.test(header);
  if (!isKey) return problemResponse(badKey, requestId);
  const now = clock.now();
  const begun = await access.idempotency.begin({
    caller: callerId,
    key: header,
    fingerprint: fingerprintOf(call),
    now,
    lockedUntil: now + 2 * limits.requestMs,
    keepUntil: now + wireLimits.idempotencyKeepMs,
  });
  switch (begun.kind) {
    case 'done':
      return replayed(begun.answer);
    case 'in-progress':
      return problemResponse(inProgress, requestId);
    case 'other-request':
      return problemResponse(otherRequest, requestId);
    case 'new':
      break;
    default:
      return begun satisfies never;
  }
  const forget = (): Promise<void> =>
    access.idempotency.forget(begun.token).catch((error: unknown) => {
      log({ event: 'idempotency-key not freed', request: requestId, fault: describeError(error) });
    });
  try {
    const response = await work();
    const happened = response.status < 500 && response.status !== 429;
    if (happened) await access.idempotency.finish(begun.token, await keptAnswer(endpoint, response.clone(), requestId));
    else await forget();
    return response;
  } catch (error) {
    await forget();
    throw error;
  }
}

function fingerprintOf({ endpoint, target, body }: IdempotentCall): string {
  return createHash('sha256')
    .update(`${endpoint.method} ${target}\n${JSON.stringify(body)}`)
    .digest('hex');
}

async function keptAnswer(endpoint: Endpoint, response: Response, requestId: string): Promise<StoredAnswer> {
  const body = await response.text();
  const untold = (endpoint.secretAnswer === true && response.ok) || Buffer.byteLength(body) > maxKeptBytes;
  const told = untold ? problemResponse(toldOnce, requestId) : response;
  return {
    status: told.status,
    contentType: told.headers.get('content-type') ?? 'application/json',
    body: untold ? await told.text() : body,
  };
}

function replayed({ status, contentType, body }: StoredAnswer): Response {
  return new Response(body, { status, headers: { 'content-type': contentType, [wireHeaders.replayed]: 'true' } });
}

const badKey = notUnderstood(
  `Idempotency-Key must be 1 to ${wireLimits.idempotencyKeyChars} visible ASCII characters without blanks`,
);

const inProgress: ProblemDetails = {
  status: 409,
  code: 'E733',
  detail: 'a request with this Idempotency-Key is being worked on',
  fix: 'ask again in a moment with the same key and body: the answer will be there',
  retryable: true,
  headers: { 'retry-after': '1' },
};

const otherRequest: ProblemDetails = {
  status: 422,
  code: 'E733',
  detail: 'this Idempotency-Key was used for another request',
  fix: 'use a new one for each new request, and repeat it only with the very same body',
};

const toldOnce: ProblemDetails = {
  status: 409,
  code: 'E733',
  detail: 'it was done, and its answer is told only once',
  fix: 'look with GET what is there now; a lost secret is replaced with POST /v1/keys/{id}/rotate',
};
