import { EntropyError } from '../domain/error.ts';
import type { ActionEnvironment } from './action-environment.ts';
import { connectGitHub, type GitHubConnection } from './github.ts';

/** The repository of the workflow run, with the token of an action's input; E201 says how to give one. */
export function connectAction(
  { github }: ActionEnvironment,
  token: string | undefined,
  signal: AbortSignal,
): GitHubConnection {
  if (token === undefined) {
    throw new EntropyError({
      code: 'E201',
      message: 'the input github-token is empty',
      fix: `give it under with:\n  github-token: \${{ github.token }}`,
    });
  }
  const log = (line: string): void => console.log(line);
  return connectGitHub({ token, repository: github.repository, apiUrl: github.apiUrl, log }, signal);
}
