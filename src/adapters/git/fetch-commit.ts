import { EntropyError } from '../../domain/error.ts';
import { type GitPlace, git } from './git-command.ts';

export interface FetchCommitOptions {
  /** An own git folder whose alternates name the workspace's objects; what is fetched goes here. */
  readonly place: GitPlace;
  /** `https://github.com/octo/slug`; http only on loopback. */
  readonly url: string;
  readonly token: string;
  readonly sha: string;
  readonly signal: AbortSignal;
}

/**
 * Fetches one commit and what it is made of into a git folder of our own. The only call of git with a transport: the
 * token goes by the environment (an argument could be read by any process), to this address alone, and no redirect is
 * followed.
 */
export async function fetchCommit({ place, url, token, sha, signal }: FetchCommitOptions): Promise<void> {
  const { protocol, hostname } = new URL(url);
  const onLoopback = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');
  if (protocol !== 'https:' && !onLoopback) {
    throw new EntropyError({
      code: 'E500',
      message: `commits are not fetched from ${protocol}//${hostname}: only https keeps a token secret`,
      fix: 'set GITHUB_SERVER_URL to the https address of the server',
    });
  }
  const credential = Buffer.from(`x-access-token:${token}`).toString('base64');
  await git({
    args: [
      '-c',
      `protocol.${protocol.slice(0, -1)}.allow=always`,
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      url,
      sha,
    ],
    place,
    config: { [`http.${url}.extraHeader`]: `Authorization: basic ${credential}`, 'http.followRedirects': 'false' },
    signal,
  });
}
