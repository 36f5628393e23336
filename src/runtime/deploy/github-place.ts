import { apiOfServer, cloudServer } from '../../domain/github-server.ts';
import type { DeploymentFiles } from './deployment-files.ts';

export interface GitHubPlace {
  readonly serverUrl: string;
  readonly apiUrl: string;
}

/**
 * Which GitHub a deployment is about: the server that somebody names, else the one of its settings, so that whoever looks at it
 * later need not name it again.
 */
export async function githubPlace(
  named: GitHubPlace,
  files: Pick<DeploymentFiles, 'readSettings'>,
): Promise<GitHubPlace> {
  if (named.serverUrl !== cloudServer) return named;
  const { githubServerUrl, githubApiUrl } = (await files.readSettings()) ?? {};
  const serverUrl = address(githubServerUrl) ?? named.serverUrl;
  const usual = serverUrl === named.serverUrl ? named.apiUrl : apiOfServer(serverUrl);
  return { serverUrl, apiUrl: address(githubApiUrl) ?? usual };
}

/** What is no address the CDK app refuses, with its name. */
function address(value: unknown): string | undefined {
  return typeof value === 'string' && URL.canParse(value) ? value.replace(/\/+$/, '') : undefined;
}
