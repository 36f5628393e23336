import type { ApiAnswer } from './api-call.ts';

/** Why an attempt brought no good answer. */
export type ApiFailure =
  /** GitHub is sure: it did not do it, and will not without a change. */
  | { readonly kind: 'refused'; readonly answer: ApiAnswer; readonly message: string }
  /** Not done; may be asked again after that time. */
  | {
      readonly kind: 'limited';
      readonly limit: 'primary' | 'secondary';
      readonly waitMs: number;
      readonly message: string;
    }
  /** Nobody knows whether it was done: no answer, half an answer, or a server in trouble. */
  | { readonly kind: 'unreachable'; readonly reason: string; readonly status?: number; readonly cause?: unknown };

/** GitHub's advice for a secondary limit that names no time. */
const secondaryWaitMs = 60_000;

/** Reads what Octokit threw. */
export function readFailure(error: unknown, now: number): ApiFailure {
  const answer = answerOf(error);
  if (answer === undefined) return { kind: 'unreachable', reason: reasonOf(error), cause: error };
  const { status, headers } = answer;
  const message = messageOf(answer);
  if (status >= 500) return { kind: 'unreachable', reason: `GitHub answered ${status} "${message}"`, status };

  const told = wholeSeconds(headers['retry-after']);
  const exhausted = headers['x-ratelimit-remaining'] === '0';
  const named = /secondary rate limit|abuse detection|rate limit exceeded/i.test(message);
  const limited = status === 429 || (status === 403 && (named || exhausted || told !== undefined));
  if (!limited) return { kind: 'refused', answer, message };
  const resetAt = wholeSeconds(headers['x-ratelimit-reset']);
  const primary = exhausted && !/secondary/i.test(message);
  // A second more than told: clocks differ, and asking too early is punished.
  if (primary && resetAt !== undefined) {
    return { kind: 'limited', limit: 'primary', waitMs: Math.max(0, resetAt * 1_000 - now) + 1_000, message };
  }
  const waitMs = told === undefined ? secondaryWaitMs : told * 1_000 + 1_000;
  return { kind: 'limited', limit: 'secondary', waitMs, message };
}

/** What GitHub said, on one line, without the address of its documentation. */
function messageOf(answer: ApiAnswer): string {
  const { data } = answer;
  const said = typeof data === 'object' && data !== null && 'message' in data ? data.message : data;
  const details = typeof data === 'object' && data !== null && 'errors' in data ? data.errors : undefined;
  const first = typeof said === 'string' ? said : 'no message';
  const more = details === undefined ? '' : ` ${JSON.stringify(details)}`;
  return `${first}${more}`.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function answerOf(error: unknown): ApiAnswer | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined;
  const { response } = error;
  if (typeof response !== 'object' || response === null || !('status' in response)) return undefined;
  const status = Number(response.status);
  const headers: Record<string, string> = {};
  if ('headers' in response && typeof response.headers === 'object' && response.headers !== null) {
    for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  }
  return { status, headers, data: 'data' in response ? response.data : undefined };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const timedOut = error.name === 'TimeoutError' || /aborted due to timeout/i.test(error.message);
  return timedOut ? 'there was no answer in time' : error.message;
}

function wholeSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}
