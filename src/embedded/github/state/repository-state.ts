import type { BareRepository } from '../git/bare-repository.ts';
import type { Account, AccountType } from './accounts.ts';
import type { Hook } from './hook-state.ts';
import type { Comment, Issue, Label, Milestone } from './issue-state.ts';
import type { CheckRun, CommitStatus, WorkflowRun } from './run-state.ts';

export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof roles)[number];

export function roleAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** What the repository's settings and rules say about merging. */
export interface MergeSettings {
  readonly autoMerge: boolean;
  /** Names of check runs that have to succeed. */
  readonly requiredChecks: readonly string[];
}

/** One repository: what is not git is kept here, in memory; what is git is on disk behind `git`. */
export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly private: boolean;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly createdAt: string;
  pushedAt: string;
  readonly git: BareRepository;
  readonly collaborators: Map<string, Role>;
  readonly labels: Label[];
  readonly milestones: Milestone[];
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  readonly merging: MergeSettings;
  readonly checkRuns: CheckRun[];
  readonly statuses: CommitStatus[];
  readonly runs: Map<number, WorkflowRun>;
  readonly hooks: Hook[];
  nextNumber: number;
}

export function repositoryFullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** Everybody reads what is public; an owner is the admin of what is theirs. */
export function roleOf(repository: Repository, login: string, type: AccountType = 'User'): Role {
  const owner = login.toLowerCase() === repository.owner.login.toLowerCase();
  if (owner) return 'admin';
  const granted = repository.collaborators.get(login.toLowerCase());
  if (granted !== undefined && granted !== 'none') return granted;
  return repository.private || type === 'Bot' ? 'none' : 'read';
}

export function hasRole(repository: Repository, login: string, needed: Role): boolean {
  return roleAtLeast(roleOf(repository, login), needed);
}
