import { createGitHubApi, type GitHubApi } from '../../../../src/adapters/github/api.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import { type InstantClock, instantClock } from '../../../fakes/instant-clock.ts';
import { type ScriptedGitHub, type ScriptedReply, scriptedGitHub } from '../../../fakes/scripted-github.ts';

export interface ApiFixture extends AsyncDisposable {
  readonly server: ScriptedGitHub;
  readonly api: GitHubApi;
  readonly clock: InstantClock;
  readonly log: readonly string[];
  readonly abort: AbortController;
  /** Everything went by the script, to its end. */
  done(): void;
}

export async function apiFixture(
  replies: readonly ScriptedReply[],
  options: { readonly requestTimeoutMs?: number; readonly maxWaitMs?: number; readonly path?: string } = {},
): Promise<ApiFixture> {
  const server = await scriptedGitHub(replies);
  const clock = instantClock(Date.UTC(2026, 10, 2, 14, 2, 0));
  const abort = new AbortController();
  const log: string[] = [];
  const api = createGitHubApi({
    token: 'ghs_canary',
    repository: { owner: 'octo', name: 'slug' },
    apiUrl: `${server.url}${options.path ?? ''}`,
    userAgent: 'entropy-playground/0.1.0',
    clock,
    signal: abort.signal,
    log: (line) => log.push(line),
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    ...(options.maxWaitMs !== undefined && { maxWaitMs: options.maxWaitMs }),
  });
  return {
    server,
    api,
    clock,
    log,
    abort,
    done: () => {
      if (server.faults.length > 0) throw new Error(server.faults.join('\n'));
      if (server.left() > 0) throw new Error(`${server.left()} replies were never asked for`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The error that a promise must end in. */
export async function errorOf(promise: Promise<unknown>): Promise<EntropyError> {
  const error: unknown = await promise.then(
    () => new Error('there was no error'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EntropyError)) throw error;
  return error;
}

export const issuePath = '/repos/octo/slug/issues/1';

export function commentBody(id: number, body: string, createdAt = '2026-11-02T14:02:00Z') {
  return { id, body, user: { login: 'entropy[bot]' }, created_at: createdAt, updated_at: createdAt };
}

export const issueBody = {
  number: 1,
  title: 'slugify drops the last word',
  body: null,
  user: null,
  state: 'open',
  locked: false,
  labels: [{ name: 'bug' }, 'agent'],
  html_url: 'https://github.com/octo/slug/issues/1',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
};
