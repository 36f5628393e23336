import type { TokenUsage } from '../../domain/budget.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ErrorCode, isErrorCode } from '../../domain/error-catalogue.ts';

/** One attempt that failed: the error to throw should nobody try again, and what is known for trying again. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly error: EntropyError;
  /** How long the host asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** What the attempt cost although it failed. */
  readonly usage: TokenUsage | undefined;

  constructor(
    error: EntropyError,
    known: { readonly retryAfterMs?: number | undefined; readonly usage?: TokenUsage | undefined } = {},
  ) {
    super(error.message);
    this.error = error;
    this.retryAfterMs = known.retryAfterMs;
    this.usage = known.usage;
  }
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface ApiError {
  readonly type: string;
  readonly message: string;
  /** Set by our broker. */
  readonly refusal?: { readonly code: ErrorCode; readonly fix: string; readonly retryable: boolean };
}

const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** An answer with a status of 400 and above, by its status, its body and its headers. */
export function failureOfStatus(status: number, body: string, headers: Headers): AttemptFailure {
  const apiError = readApiError(body);
  return new AttemptFailure(toError(status, apiError, headers['x-should-retry']), {
    retryAfterMs: readRetryAfter(headers),
  });
}

/** An error event within a stream that began well. */
export function failureOfEvent(data: string, usage: TokenUsage | undefined): AttemptFailure {
  const apiError = readApiError(data);
  return new AttemptFailure(toError(statusOfType[apiError.type] ?? 500, apiError, undefined), { usage });
}

export function failureOfConnection(cause: unknown, host: string, usage?: TokenUsage): AttemptFailure {
  const error = new EntropyError({
    code: 'E300',
    message: `the connection to the model at ${host} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'check the network; /agent retry starts a new run',
    retryable: true,
    cause,
  });
  return new AttemptFailure(error, { usage });
}

/** An answer that breaks the protocol. */
export function malformedReply(what: string, usage?: TokenUsage, cause?: unknown): AttemptFailure {
  const error = new EntropyError({
    code: 'E304',
    message: `the model's answer makes no sense: ${what}`,
    fix: 'try again; if it stays, check that ANTHROPIC_BASE_URL speaks the Messages API with streaming',
    retryable: true,
    cause,
  });
  return new AttemptFailure(error, { usage });
}

function toError(status: number, { type, message, refusal }: ApiError, shouldRetry: unknown): EntropyError {
  if (refusal !== undefined) return new EntropyError({ ...refusal, message });
  const retryable = shouldRetry === 'true' || (shouldRetry !== 'false' && isPassing(status));
  const said = `the model answered ${status} ${type}: ${message}`;
  if (status === 401 || status === 403) {
    const fix = 'check the secret ANTHROPIC_API_KEY: is it whole, not revoked, and may its workspace use this model?';
    return new EntropyError({ code: 'E302', message: said, fix, retryable });
  }
  if (status === 429 || status === 529) {
    const fix = 'wait and try again (/agent retry), or use another model; rate limits are set in the Anthropic console';
    return new EntropyError({ code: 'E303', message: said, fix, retryable });
  }
  return new EntropyError({ code: 'E300', message: said, fix: fixOf(status), retryable });
}

/** Time-outs, conflicts, limits and faults of the server pass by themselves; the SDK of the API has the same list. */
function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

function fixOf(status: number): string {
  switch (status) {
    case 402:
      return 'add credit in the Anthropic console';
    case 404:
      return 'check the name of the model and, if set, ANTHROPIC_BASE_URL';
    case 413:
      return 'ask about a smaller part of the repository';
    default:
      return status >= 500 ? 'wait and try again (/agent retry)' : 'the message says what the API did not accept';
  }
}

function readApiError(body: string): ApiError {
  const fallback = { type: 'without a type', message: body.trim().slice(0, 500) || '(no text)' };
  try {
    const parsed = JSON.parse(body) as { error?: Readonly<Record<string, unknown>> } | null;
    const { type, message, code, fix, retryable } = parsed?.error ?? {};
    if (typeof type !== 'string' || typeof message !== 'string') return fallback;
    if (!isErrorCode(code) || typeof fix !== 'string') return { type, message };
    return { type, message, refusal: { code, fix, retryable: retryable === true } };
  } catch {
    // A proxy's page in between: its text is all there is to tell.
    return fallback;
  }
}

/** Seconds, or milliseconds in the header of the API's own; a date is not used by it. */
function readRetryAfter(headers: Headers): number | undefined {
  const ms = Number.parseFloat(String(headers['retry-after-ms']));
  if (ms > 0) return ms;
  const seconds = Number.parseFloat(String(headers['retry-after']));
  return seconds > 0 ? seconds * 1000 : undefined;
}
