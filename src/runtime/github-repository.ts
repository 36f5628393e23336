import { createGitHubApi, type GitHubApi } from '../adapters/github/api.ts';
import { createChangeSets } from '../adapters/github/change-sets.ts';
import { createGitHubForge } from '../adapters/github/forge.ts';
import { createForgeIssues } from '../adapters/github/forge-issues.ts';
import { createForgeWorkflows } from '../adapters/github/forge-workflows.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { ChangeSets } from '../ports/change-sets.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { ForgeIssues } from '../ports/forge-issues.ts';
import type { ForgeWorkflows } from '../ports/forge-workflows.ts';
import { version } from './version.ts';

/** One repository on GitHub, whoever keeps the claims. */
export interface RepositoryConnection {
  readonly forge: Forge;
  readonly issues: ForgeIssues;
  readonly workflows: ForgeWorkflows;
  /** Copies of the sets that issues here asked for, beside the code: for people, and to be found by sweeps. */
  readonly setCopies: ChangeSets;
  /** Requests so far, by endpoint. */
  readonly requestCounts: () => Readonly<Record<string, number>>;
  /** Requests that the token has left in this hour, as the last answer told. */
  readonly limitLeft: () => number | undefined;
}

export interface GitHubConnectionOptions {
  /** A function is asked before every request. */
  readonly token: string | (() => Promise<string>);
  readonly repository: RepositoryRef;
  readonly apiUrl: string;
  readonly log: (line: string) => void;
  /** Whose token it is, as authors of comments are named, where that is known. */
  readonly author?: () => Promise<string>;
  /** For all waits of one request together; a minute and a half when absent. */
  readonly maxWaitMs?: number;
}

/** The signal ends every request. */
export function openGitHubApi(options: GitHubConnectionOptions, clock: Clock, signal: AbortSignal): GitHubApi {
  return createGitHubApi({ ...options, clock, signal, userAgent: `entropy-playground/${version}` });
}

export function connectRepository(
  api: GitHubApi,
  { author }: Pick<GitHubConnectionOptions, 'author'> = {},
): RepositoryConnection {
  return {
    forge: createGitHubForge(api, author),
    issues: createForgeIssues(api),
    workflows: createForgeWorkflows(api),
    setCopies: createChangeSets(api),
    requestCounts: () => api.requestCounts(),
    limitLeft: () => api.limitLeft(),
  };
}
