import type { Account } from './accounts.ts';
import type { AppIdentity } from './issue-state.ts';

export type RunStatus = 'queued' | 'in_progress' | 'completed';
export type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'stale';

export interface RunStep {
  readonly name: string;
  readonly number: number;
  readonly status: RunStatus;
  readonly conclusion: Conclusion | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}

export interface RunJob {
  readonly id: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly conclusion: Conclusion | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly steps: readonly RunStep[];
}

export interface WorkflowRun {
  readonly id: number;
  readonly number: number;
  readonly name: string;
  readonly workflowPath: string;
  readonly workflowId: number;
  readonly event: string;
  readonly title: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly actor: Account;
  readonly createdAt: string;
  startedAt: string;
  updatedAt: string;
  attempt: number;
  status: RunStatus;
  conclusion: Conclusion | null;
  jobs: readonly RunJob[];
  log: string;
  /** Of jobs that have one of their own, by their ids. */
  readonly jobLogs: Map<number, string>;
  /** Markdown that the run's steps wrote for people. */
  summary: string;
}

/** What a check says about lines. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title: string | null;
}

export interface CheckRun {
  readonly id: number;
  /** One for each run of a workflow, and for each App that writes checks of a commit. */
  readonly suiteId: number;
  name: string;
  readonly headSha: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  startedAt: string;
  completedAt: string | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Annotation[];
  readonly app: AppIdentity | null;
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success';

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: string;
}
