import { EntropyError } from '../../domain/error.ts';
import { readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { ApiAnswer } from './api-call.ts';

/** Refs are named as GitHub's API wants them in paths: `heads/main`, `agents/claims/42`, without `refs/`. */
export async function readRefHead(api: GitHubApi, ref: string, purpose: string): Promise<string | undefined> {
  const answer = await api.send({
    route: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
    params: { ref },
    purpose,
    expected: [404],
  });
  // Older servers answer a name that is only the beginning of others with a list of those.
  if (answer.status === 404 || Array.isArray(answer.data)) return undefined;
  return readRef(answer.data).sha;
}

export interface RefWrite {
  /** Without `refs/`. */
  readonly ref: string;
  readonly sha: string;
  /** What it is for, in the words of an error. */
  readonly purpose: string;
}

/** Atomic: of many creators of one ref exactly one gets `created`. */
export async function createRef(api: GitHubApi, { ref, sha, purpose }: RefWrite): Promise<'created' | 'exists'> {
  const answer = await api.send({
    route: 'POST /repos/{owner}/{repo}/git/refs',
    params: { ref: `refs/${ref}`, sha },
    purpose,
    expected: [422],
  });
  if (answer.status === 201) return 'created';
  if (/already exists/i.test(said(answer))) return 'exists';
  throw refused(answer, purpose, sha);
}

/** Fast-forward only. Atomic: of two commits with the same parent exactly one gets in. */
export async function updateRef(
  api: GitHubApi,
  { ref, sha, purpose }: RefWrite,
): Promise<'updated' | 'not-fast-forward' | 'missing'> {
  const answer = await api.send({
    route: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
    params: { ref, sha, force: false },
    purpose,
    expected: [404, 409, 422],
  });
  if (answer.status === 200) return 'updated';
  if (/not a fast[ -]forward/i.test(said(answer))) return 'not-fast-forward';
  if (answer.status === 404 || /reference does not exist/i.test(said(answer))) return 'missing';
  // 409: somebody is moving the ref at this very moment, so our commit is not on top of it.
  if (answer.status === 409) return 'not-fast-forward';
  throw refused(answer, purpose, sha);
}

function said({ data }: ApiAnswer): string {
  const text = typeof data === 'object' && data !== null && 'message' in data ? data.message : data;
  return String(text).replace(/\s+/g, ' ').slice(0, 300);
}

function refused(answer: ApiAnswer, purpose: string, sha: string): EntropyError {
  const rule = /rule|protected|required/i.test(said(answer));
  return new EntropyError({
    code: 'E200',
    message: `cannot ${purpose} at ${sha}: GitHub answered ${answer.status} "${said(answer)}"`,
    fix: rule
      ? 'Settings → Rules and Settings → Branches: let the token write these branches, or choose another `branch-prefix`'
      : "read GitHub's answer; if it makes no sense, report it",
  });
}
