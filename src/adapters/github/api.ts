import { EntropyError } from '../../domain/error.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import { readFailure } from './api-failure.ts';
import { readEnd } from './body-end.ts';
import { memberOf } from './json-reader.ts';
import { sendWithPatience } from './patience.ts';
import { createWritePacer } from './write-pacer.ts';

export interface GitHubApiOptions extends GitHubCallsOptions {
  readonly repository: RepositoryRef;
}

export interface GitHubCallsOptions {
  /** A function is asked before every attempt: a token that is used for longer than an hour is another one then. */
  readonly token: string | (() => Promise<string>);
  /** `https://api.github.com`, or a GitHub Enterprise Server's `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Ends every request and every wait, with its reason. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly fetch?: typeof fetch;
  /** For one attempt of one request, its answer's body included. */
  readonly requestTimeoutMs?: number;
  /** For all waits of one request together, because of rate limits or of a server in trouble. */
  readonly maxWaitMs?: number;
}

/** GitHub's REST API for one repository: authenticated, paced, patient, counted. Errors are `EntropyError`s E2xx. */
export interface GitHubApi extends GitHubCalls {
  readonly repository: RepositoryRef;
}

/** The same, about no repository in particular. */
export interface GitHubCalls {
  readonly clock: Clock;
  /** Ends every request and every wait. */
  readonly signal: AbortSignal;
  send(call: ApiCall): Promise<ApiAnswer>;
  /** All pages of a list; `under`: the member of the answers that holds it, where they are no lists themselves. */
  list(call: ApiCall, under?: string): Promise<readonly unknown[]>;
  requestCounts(): Readonly<Record<string, number>>;
  /** Requests that the token has left in this hour, as the last answer told; undefined before the first. */
  limitLeft(): number | undefined;
}

const perPage = 100;
/** Asks, but for the few things that REST does not know. */
const graphqlRoute = 'POST /graphql';
/** 100,000 entries: far beyond any issue; ends a server that always names a next page. */
const maxPages = 1_000;

export function createGitHubApi({ repository, ...options }: GitHubApiOptions): GitHubApi {
  const place = { owner: repository.owner, repo: repository.name };
  return { repository, ...createGitHubCalls(options, { name: fullName(repository), params: place }) };
}

/** `place`: what the calls are about, for messages, and what fills `{owner}` and `{repo}` where the call does not. */
export function createGitHubCalls(
  options: GitHubCallsOptions,
  place: { readonly name: string; readonly params?: Readonly<Record<string, string>> },
): GitHubCalls {
  const { clock, signal, log } = options;
  const counts: Record<string, number> = {};
  const pacer = createWritePacer(clock);
  // Beside the REST API on github.com; on a server of one's own not below it: `/api/v3` and `/api/graphql`.
  const graphqlBase = options.apiUrl.replace(/\/+$/, '').replace(/\/v3$/, '');
  const octokit = lazily(() => openOctokit(options));
  let left: number | undefined;

  const attempt = async (call: ApiCall): Promise<ApiAnswer> => {
    counts[call.route] = (counts[call.route] ?? 0) + 1;
    const client = await octokit();
    const authorization = typeof options.token === 'string' ? undefined : `bearer ${await options.token()}`;
    const timeout = AbortSignal.timeout(options.requestTimeoutMs ?? 30_000);
    const aboutRepository = call.route.includes('/{owner}/{repo}');
    const graphql = call.route === graphqlRoute;
    const answer = await client.request(call.route, {
      ...(aboutRepository && place.params),
      ...call.params,
      ...(graphql && { baseUrl: graphqlBase }),
      headers: { 'x-github-api-version': '2022-11-28', ...(authorization !== undefined && { authorization }) },
      request: {
        signal: AbortSignal.any([signal, timeout]),
        ...(call.lastBytes !== undefined && { parseSuccessResponseBody: false }),
      },
    });
    const headers = textHeaders(answer.headers);
    left = wholeNumber(headers['x-ratelimit-remaining']) ?? left;
    const data = call.lastBytes === undefined ? answer.data : await readEnd(answer.data, call.lastBytes);
    return { status: answer.status, data, headers };
  };

  const send = async (call: ApiCall): Promise<ApiAnswer> => {
    const asks = call.route === graphqlRoute && !String(call.params?.['query']).startsWith('mutation');
    const writes = !call.route.startsWith('GET ') && !asks;
    const tried = await sendWithPatience({
      attempt: async () => {
        if (writes) await pacer.take(signal);
        try {
          const answer = await attempt(call);
          return tornJson(answer)
            ? { kind: 'unreachable', reason: 'the answer broke off' }
            : { kind: 'answer', answer };
        } catch (error) {
          signal.throwIfAborted();
          // Ours, of whoever makes the tokens: it says already what is wrong.
          if (error instanceof EntropyError) throw error;
          return readFailure(error, clock.now());
        }
      },
      repeat: call.onlyOnce === true ? 'when-refused' : 'when-in-trouble',
      label: call.route,
      maxWaitMs: options.maxWaitMs ?? 90_000,
      clock,
      signal,
      log,
    });
    if (tried.kind === 'answer') return tried.answer;
    if (tried.kind === 'refused' && call.expected?.includes(tried.answer.status)) return tried.answer;
    const { apiError } = await import('./api-error.ts');
    throw apiError(tried, { call, repository: place.name, now: clock.now() });
  };

  return {
    clock,
    signal,
    send,
    list: async (call, under) => {
      const entries: unknown[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const answer = await send({ ...call, params: { ...call.params, per_page: perPage, page } });
        const listed = under === undefined ? answer.data : memberOf(answer.data, under);
        if (!Array.isArray(listed)) {
          throw new EntropyError({
            code: 'E200',
            message: `cannot ${call.purpose}: GitHub answered with something that is not a list`,
            fix: 'try again; if it stays so, check that GITHUB_API_URL is the address of a GitHub API',
          });
        }
        entries.push(...listed);
        if (!/;\s*rel="next"/.test(answer.headers['link'] ?? '')) break;
      }
      return entries;
    },
    requestCounts: () => ({ ...counts }),
    limitLeft: () => left,
  };
}

/** Loaded with the first request: what waits for a model must not wait for this library. */
async function openOctokit(options: GitHubCallsOptions) {
  const { Octokit } = await import('@octokit/core');
  const quiet = (): void => {};
  return new Octokit({
    ...(typeof options.token === 'string' && { auth: options.token }),
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
    userAgent: options.userAgent,
    log: { debug: quiet, info: quiet, warn: options.log, error: options.log },
    request: { fetch: options.fetch ?? globalThis.fetch },
  });
}

function lazily<Value>(open: () => Promise<Value>): () => Promise<Value> {
  let opened: Promise<Value> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

function wholeNumber(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}

function textHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Octokit hands on the text when JSON does not parse, for example when the connection was cut in the middle. */
function tornJson(answer: ApiAnswer): boolean {
  const json = /^application\/(?:[\w.+-]+\+)?json/.test(answer.headers['content-type'] ?? '');
  return json && typeof answer.data === 'string' && answer.status !== 204;
}
