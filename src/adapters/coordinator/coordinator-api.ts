import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type AnswerOf,
  type BodyOf,
  type Endpoint,
  pathOf,
  type QueryOf,
  type RefusalOf,
} from '../../wire/endpoint.ts';
import { wireHeaders } from '../../wire/headers.ts';
import { lenient } from '../../wire/lenient.ts';
import { queryString } from '../../wire/query-string.ts';
import type { CallerToken } from './caller-token.ts';
import { type AskedFor, answerError, readProblem, unexpectedAnswer, unreachable } from './coordinator-error.ts';
import { type HttpAnswer, type HttpRequest, httpAttempt } from './http-attempt.ts';

export interface CoordinatorApiOptions {
  /** Its base address without a slash at the end, as `readCoordinatorUrl` gives it. */
  readonly url: string;
  readonly token: CallerToken;
  readonly userAgent: string;
  /** W3C Trace Context: what these calls are a part of, for the coordinator's log. */
  readonly traceparent?: string;
  readonly clock: Clock;
  /** A new, never repeated name for each call. */
  readonly newId: () => string;
  /** Ends every request and every wait, with its reason. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly fetch?: typeof fetch;
  /** For one attempt, its answer's body included. */
  readonly attemptMs?: number;
  /** For one call, all its attempts and waits together. */
  readonly deadlineMs?: number;
}

export interface CallInput<E extends Endpoint> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Frozen<QueryOf<E>>;
  readonly body?: Frozen<BodyOf<E>>;
}

/** What is sent is not changed; the domain's values are readonly, the schemas' types are not. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type CallResult<E extends Endpoint> =
  | { readonly kind: 'answer'; readonly value: AnswerOf<E> }
  | { readonly kind: 'refusal'; readonly value: RefusalOf<E> };

/** The coordinator's HTTP API: authenticated, patient, each logical call done once. Errors are `EntropyError`s E72x. */
export interface CoordinatorApi {
  readonly options: CoordinatorApiOptions;
  call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<CallResult<E>>;
}

const defaultAttemptMs = 15_000;
/** A coordinator that failed so often at the very same request will fail again. */
const maxFaults = 3;
const defaultDeadlineMs = 60_000;

export function createCoordinatorApi(options: CoordinatorApiOptions): CoordinatorApi {
  return {
    options,
    call: async <E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<CallResult<E>> => {
      const { url } = options;
      const path = `${pathOf(endpoint, input.params)}${queryString(input.query ?? {})}`;
      const asked = { label: `${endpoint.method} ${endpoint.path}`, url };
      const request: HttpRequest = {
        method: endpoint.method,
        url: `${url}${path}`,
        headers: {
          accept: 'application/json',
          'user-agent': options.userAgent,
          ...(options.traceparent !== undefined && { traceparent: options.traceparent }),
          ...(input.body !== undefined && { 'content-type': 'application/json' }),
          // One for all attempts of this call: an answer that was lost is told again instead of the work being done twice.
          ...(endpoint.method === 'POST' && { [wireHeaders.idempotencyKey]: options.newId() }),
        },
        ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
      };
      return read(endpoint, await sendPatiently(options, request, asked), asked);
    },
  };
}

function read<E extends Endpoint>(endpoint: E, answer: HttpAnswer, asked: AskedFor): CallResult<E> {
  if (answer.status >= 200 && answer.status < 300) {
    const value = lenient(endpoint.answer).safeParse(answer.data);
    if (value.success) return { kind: 'answer', value: value.data as AnswerOf<E> };
    throw unexpectedAnswer('is none that this version understands', asked, value.error);
  }
  if (answer.status >= 300 && answer.status < 400) {
    const location = answer.headers.get('location') ?? 'nowhere';
    throw unexpectedAnswer(`sends us on to ${location}; a key is not shown to other places`, asked);
  }
  const refusal = readProblem(answer)?.refusal;
  if (endpoint.refusal !== undefined && refusal !== undefined) {
    const value = lenient(endpoint.refusal).safeParse(refusal);
    if (value.success) return { kind: 'refusal', value: value.data as RefusalOf<E> };
  }
  throw answerError(answer, asked);
}

/** Asks again while that can help: a busy or failing server, a lost connection; until the deadline. */
async function sendPatiently(
  options: CoordinatorApiOptions,
  request: HttpRequest,
  asked: AskedFor,
): Promise<HttpAnswer> {
  const { clock, signal, token, log } = options;
  const until = clock.monotonic() + (options.deadlineMs ?? defaultDeadlineMs);
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const bearer = await token.current(signal);
    const left = Math.max(1, until - clock.monotonic());
    const limit = AbortSignal.timeout(Math.ceil(Math.min(options.attemptMs ?? defaultAttemptMs, left)));
    const headers = { ...request.headers, authorization: `Bearer ${bearer}` };
    const tried = await httpAttempt(
      options.fetch ?? globalThis.fetch,
      { ...request, headers },
      AbortSignal.any([signal, limit]),
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof EntropyError) throw error;
      return { fault: error };
    });
    if (!('fault' in tried)) {
      // A token may have run out on its way; a new one is asked for once.
      if (tried.status === 401 && attempt === 1 && token.renew()) continue;
      if (!isTrouble(tried) || (tried.status === 500 && attempt >= maxFaults)) return tried;
    }
    const pause = pauseAfter(tried, attempt);
    if (clock.monotonic() + pause >= until) {
      if ('fault' in tried) throw unreachable(tried.fault, asked);
      return tried;
    }
    const what = 'fault' in tried ? 'could not be reached' : `answered ${tried.status}`;
    log(`${asked.label}: the coordinator ${what}; asking again in ${Math.ceil(pause / 1_000)} s`);
    await clock.sleep(pause, signal);
  }
}

function isTrouble({ status, headers }: HttpAnswer): boolean {
  // Our own request, whose answer was lost, is still being worked on there: the answer will be kept for us.
  const isAtWork = status === 409 && headers.has('retry-after');
  return isAtWork || status === 429 || status === 408 || status === 500 || (status >= 502 && status <= 504);
}

function pauseAfter(tried: HttpAnswer | { readonly fault: unknown }, attempt: number): number {
  const asked = 'fault' in tried ? null : tried.headers.get('retry-after');
  const growing = Math.min(10_000, 250 * 2 ** (attempt - 1));
  const seconds = asked !== null && /^\d{1,5}$/.test(asked) ? Number(asked) : undefined;
  return seconds === undefined ? growing : Math.max(growing, seconds * 1_000);
}
