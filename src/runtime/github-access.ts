import type { ClaimRecord } from '../domain/claim.ts';
import { EntropyError } from '../domain/error.ts';
import { fullName, parseFullName, type RepositoryRef } from '../domain/repository.ts';
import { holderIsDead } from '../flows/holder-is-dead.ts';
import { takeSecret } from './config.ts';
import type { RoomContext } from './coordination-room.ts';
import { connectGitHub, type GitHubConnection } from './github.ts';

/** GitHub with one token, opened for a repository when it is first needed. */
export interface GitHubAccess {
  /** E201 when there is no token. */
  connect(repository: RepositoryRef): GitHubConnection;
  /** Whether the workflow run behind a claim has ended. Without a token nobody knows, and the run counts as alive. */
  holderIsDead(record: ClaimRecord): Promise<boolean>;
}

export function openGitHubAccess({ environment, signal, log }: RoomContext): GitHubAccess {
  const variable = environment.githubTokenVariable;
  const token = variable === undefined ? undefined : takeSecret(variable);
  const connections = new Map<string, GitHubConnection>();
  const connect = (repository: RepositoryRef): GitHubConnection => {
    if (token === undefined) throw noToken();
    const name = fullName(repository).toLowerCase();
    const connection =
      connections.get(name) ?? connectGitHub({ token, repository, apiUrl: environment.githubApiUrl, log }, signal);
    connections.set(name, connection);
    return connection;
  };
  return {
    connect,
    holderIsDead: async (record) => {
      const repository = repositoryOf(record);
      if (token === undefined || repository === undefined) return false;
      return holderIsDead({ forge: connect(repository).forge, log }, record);
    },
  };
}

/** The repository whose workflow run holds the claim. */
function repositoryOf({ key }: ClaimRecord): RepositoryRef | undefined {
  return parseFullName(/^github\/([^/]+\/[^/]+)\//.exec(key)?.[1] ?? '');
}

function noToken(): EntropyError {
  return new EntropyError({
    code: 'E201',
    message: 'there is no token for GitHub: neither GITHUB_TOKEN nor GH_TOKEN is set',
    fix: 'export GITHUB_TOKEN="$(gh auth token)"',
  });
}
