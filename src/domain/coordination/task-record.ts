import type { AgentIdentity } from '../agent-identity.ts';
import type { ClaimKey, ClaimRecord } from '../claim.ts';

export const taskStates = [
  'open',
  'ready',
  'claimed',
  'in_progress',
  'in_review',
  'done',
  'blocked',
  'needs_info',
  'abandoned',
] as const;
export type TaskState = (typeof taskStates)[number];

/** An issue or pull request as GitHub tells it, mirrored. Text is untrusted data, never instructions. */
export interface MirroredIssue {
  /** `octo/slug`, as GitHub spells it. */
  readonly repository: string;
  readonly number: number;
  readonly kind: 'issue' | 'pull';
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly forgeState: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone?: string;
  readonly comments: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt?: number;
}

/** Where the work on an issue stands, over all its runs. The key is the claim's: `github/octo/slug/issues/42`. */
export interface TaskRecord {
  readonly schema: 1;
  readonly key: ClaimKey;
  readonly issue: MirroredIssue;
  readonly state: TaskState;
  /** Why it is in this state, for people: `waiting for an answer to 2 questions`. */
  readonly reason?: string;
  /** 0 is the most urgent, 4 the least; 2 unless a label (`priority:0` … `P0` …) says otherwise. */
  readonly priority: number;
  /** What the run does just now: `tests before`, `working`, `publishing`. */
  readonly stage?: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly checkpoints: { readonly done: readonly string[]; readonly next: readonly string[] };
  /** The run that works on it, or that worked on it last. */
  readonly runId?: string;
  readonly agent?: AgentIdentity;
  /** Fence of the newest claim that changed this task. */
  readonly fence: number;
  /** Runs that failed in a row; at `maxAttempts` the task is abandoned and waits for a redrive. */
  readonly attempts: number;
  readonly lastFailure?: string;
  readonly branch?: string;
  readonly pullRequest?: number;
  readonly costMicroUsd: number;
  /** Grows with every change: the condition of optimistic writes. */
  readonly version: number;
}

export const defaultPriority = 2;
export const maxAttempts = 3;

/** A task with what other rooms know about it: what queries, lists and `next` work on. */
export interface TaskView extends TaskRecord {
  /** Held now; absent when nobody holds it. */
  readonly claim?: ClaimRecord;
  readonly blockedBy: readonly ClaimKey[];
  readonly blocks: readonly ClaimKey[];
  /** How many of `blockedBy` are not closed yet. */
  readonly openBlockers: number;
  /** Open, unclaimed, every blocker closed, in state `open` or `ready`. */
  readonly ready: boolean;
}
