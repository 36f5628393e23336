import { ulid } from 'ulid';
import { createForgeHooks } from '../adapters/github/forge-hooks.ts';
import { createGitRefsBudgetStore } from '../adapters/github/git-refs-budget-store.ts';
import { createGitRefsClaimStore } from '../adapters/github/git-refs-claim-store.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { Books } from '../flows/coordinated-run.ts';
import type { BudgetStore } from '../ports/budget-store.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ForgeHooks } from '../ports/forge-hooks.ts';
import type { RunArtifacts } from '../ports/run-artifacts.ts';
import {
  connectRepository,
  type GitHubConnectionOptions,
  openGitHubApi,
  type RepositoryConnection,
} from './github-repository.ts';

export type { GitHubConnectionOptions } from './github-repository.ts';

export interface GitHubConnection extends RepositoryConnection {
  readonly hooks: ForgeHooks;
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
  /** A coordinator's, which keeps the claims as well then. */
  readonly books?: Books;
  /** The run was started by a coordinator's dispatcher, which starts the next step of its team as well. */
  readonly isDispatched?: true;
  /** Where a coordinator keeps files of runs. */
  readonly artifacts?: RunArtifacts;
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
}

/** One repository on GitHub: its forge, and the claims that are kept in its refs. The signal ends every request. */
export function connectGitHub(options: GitHubConnectionOptions, signal: AbortSignal): GitHubConnection {
  const clock = createSystemClock();
  const api = openGitHubApi(options, clock, signal);
  const newId = () => ulid(clock.now());
  return {
    ...connectRepository(api, options),
    hooks: createForgeHooks(api),
    claims: createGitRefsClaimStore({ api, newId }),
    budgets: createGitRefsBudgetStore({ api, newId }),
    clock,
    newId,
  };
}
