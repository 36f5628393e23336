import { readCoordinatorUrl } from '../domain/coordinator-url.ts';
import { EntropyError } from '../domain/error.ts';
import type { ActionEnvironment } from './action-environment.ts';
import { readActionInputs } from './config.ts';
import { connectGitHub, type GitHubConnection } from './github.ts';
import { logLine } from './job-log.ts';
import { text } from './value-reader.ts';

/**
 * The repository of the workflow run, with the token of an action's input; E201 says how to give one. With the input
 * `coordinator-url` claims and books are the coordinator's, which knows the job by its ID token.
 */
export async function connectAction(
  { github }: ActionEnvironment,
  token: string | undefined,
  signal: AbortSignal,
): Promise<GitHubConnection> {
  if (token === undefined) {
    throw new EntropyError({
      code: 'E201',
      message: 'the input github-token is empty',
      fix: `give it under with:\n  github-token: \${{ github.token }}`,
    });
  }
  const log = logLine;
  const connection = connectGitHub({ token, repository: github.repository, apiUrl: github.apiUrl, log }, signal);
  const url = coordinatorInput();
  if (url === undefined) return connection;
  const { coordinated, coordinatorAccess } = await import('./connect-coordinator.ts');
  return coordinated(connection, { access: coordinatorAccess(url, connection.clock), signal, log });
}

/** The input `coordinator-url` as it was read; E101 when it is no address. */
export function coordinatorInput(): string | undefined {
  const { 'coordinator-url': given } = readActionInputs({ 'coordinator-url': text });
  if (given === undefined) return undefined;
  const read = readCoordinatorUrl(given);
  if (read.kind === 'url') return read.url;
  throw new EntropyError({
    code: 'E101',
    message: `input coordinator-url ${read.problem}`,
    fix: 'give the base address of your coordinator, such as https://agents.example.com',
  });
}
