import { EntropyError } from '../domain/error.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';

export interface EmbeddedCall {
  readonly repository: RepositoryRef;
  /** Below the repository, without a leading slash: `pulls/2`. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Absent: what anybody may read. */
  readonly token?: string;
}

/** Reads from the embedded GitHub. */
export function readEmbedded<Answer>(github: EmbeddedGitHub, call: EmbeddedCall): Promise<Answer> {
  const headers = call.token === undefined ? {} : { authorization: `Bearer ${call.token}` };
  return request(github, call, { method: 'GET', headers });
}

/** A request as a person makes it in a browser: with a token of their own, so that events start workflows. */
export function postAs<Answer>(
  github: EmbeddedGitHub,
  login: string,
  { body, ...call }: EmbeddedCall & { readonly body: Readonly<Record<string, unknown>> },
): Promise<Answer> {
  return request(github, call, {
    method: 'POST',
    headers: { authorization: `Bearer ${github.userToken(login)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** The stand-in is a part of this program, so its answers have the shapes that its own contract tests hold it to. */
async function request<Answer>(github: EmbeddedGitHub, call: EmbeddedCall, init: RequestInit): Promise<Answer> {
  const { repository, path, signal } = call;
  const url = `${github.apiUrl}/repos/${repository.owner}/${repository.name}/${path}`;
  const response = await fetch(url, { ...init, signal });
  if (response.ok) return (await response.json()) as Answer;
  throw new EntropyError({
    code: 'E801',
    message: `the embedded GitHub answered ${response.status} to ${init.method} ${path}: ${await response.text()}`,
    fix: 'start again; if it happens twice, report it with the message above',
  });
}
