import { ulid } from 'ulid';
import { createGitHubApi } from '../adapters/github/api.ts';
import { createGitHubForge } from '../adapters/github/forge.ts';
import { createForgeHooks } from '../adapters/github/forge-hooks.ts';
import { createForgeIssues } from '../adapters/github/forge-issues.ts';
import { createForgeWorkflows } from '../adapters/github/forge-workflows.ts';
import { createGitRefsBudgetStore } from '../adapters/github/git-refs-budget-store.ts';
import { createGitRefsClaimStore } from '../adapters/github/git-refs-claim-store.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Books } from '../flows/coordinated-run.ts';
import type { BudgetStore } from '../ports/budget-store.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { ForgeHooks } from '../ports/forge-hooks.ts';
import type { ForgeIssues } from '../ports/forge-issues.ts';
import type { ForgeWorkflows } from '../ports/forge-workflows.ts';
import type { RunArtifacts } from '../ports/run-artifacts.ts';
import { version } from './version.ts';

export interface GitHubConnection {
  readonly forge: Forge;
  readonly issues: ForgeIssues;
  readonly hooks: ForgeHooks;
  readonly workflows: ForgeWorkflows;
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
  /** A coordinator's, which keeps the claims as well then. */
  readonly books?: Books;
  /** Where a coordinator keeps files of runs. */
  readonly artifacts?: RunArtifacts;
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
  /** Requests so far, those of the claim store included, by endpoint. */
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

/** One repository on GitHub: its forge, and the claims that are kept in its refs. The signal ends every request. */
export function connectGitHub(options: GitHubConnectionOptions, signal: AbortSignal): GitHubConnection {
  const clock = createSystemClock();
  const api = createGitHubApi({ ...options, clock, signal, userAgent: `entropy-playground/${version}` });
  const newId = () => ulid(clock.now());
  return {
    forge: createGitHubForge(api, options.author),
    issues: createForgeIssues(api),
    hooks: createForgeHooks(api),
    workflows: createForgeWorkflows(api),
    claims: createGitRefsClaimStore({ api, newId }),
    budgets: createGitRefsBudgetStore({ api, newId }),
    clock,
    newId,
    requestCounts: () => api.requestCounts(),
    limitLeft: () => api.limitLeft(),
  };
}
