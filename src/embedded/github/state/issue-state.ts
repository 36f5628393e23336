import type { Account } from './accounts.ts';

/** What the embedded GitHub remembers about issues and pull requests. Mutable on purpose: it is the database. */

export const reactionContents = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;
export type ReactionContent = (typeof reactionContents)[number];

export interface Reaction {
  readonly id: number;
  readonly content: ReactionContent;
  readonly user: Account;
  readonly createdAt: string;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
  readonly isDefault: boolean;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly author: Account;
  readonly viaApp: AppIdentity | null;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
}

/** The GitHub App behind a token, as far as answers show it. */
export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
}

export type TimelineEvent =
  | 'closed'
  | 'reopened'
  | 'labeled'
  | 'unlabeled'
  | 'milestoned'
  | 'demilestoned'
  | 'assigned'
  | 'unassigned'
  | 'locked'
  | 'unlocked'
  | 'renamed'
  | 'merged'
  | 'ready_for_review'
  | 'head_ref_deleted';

/** One line between the comments of an issue's page. */
export interface TimelineEntry {
  readonly event: TimelineEvent;
  readonly actor: Account;
  readonly at: string;
  readonly detail: string;
}

export interface Milestone {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly createdAt: string;
  readonly creator: Account;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: Account;
  readonly viaApp: AppIdentity | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
  lock: { readonly reason: string | null } | undefined;
  labels: Label[];
  milestone?: Milestone;
  assignees: Account[];
  readonly reactions: Reaction[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  readonly timeline: TimelineEntry[];
  /** Numbers in the same repository. */
  readonly blockedBy: Set<number>;
  readonly subIssues: number[];
  readonly pull: PullRequest | undefined;
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly author: Account;
  body: string;
  state: ReviewState;
  readonly commitSha: string;
  submittedAt: string | null;
  readonly reactions: Reaction[];
}

export type DiffSide = 'LEFT' | 'RIGHT';

export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly author: Account;
  body: string;
  readonly path: string;
  /** The newest commit whose diff still shows the place. */
  commitSha: string;
  readonly diffHunk: string;
  /** Lines of the file on `side`; null for a comment on the whole file, and when the diff shows the place no longer. */
  line: number | null;
  readonly side: DiffSide;
  startLine: number | null;
  readonly startSide: DiffSide | null;
  position: number | null;
  /** Where it was made. */
  readonly original: CommentOrigin;
  readonly inReplyTo: number | undefined;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
}

/** A comment's place in the diff that it was made on: from `from` to `to`. */
export interface CommentOrigin {
  readonly from: string;
  readonly to: string;
  /** Null: about the file as a whole. */
  readonly line: number | null;
  readonly startLine: number | null;
  readonly position: number | null;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface PullRequest {
  readonly id: number;
  draft: boolean;
  readonly head: { readonly ref: string; sha: string };
  base: { ref: string; sha: string };
  merge: { readonly sha: string; readonly by: Account; readonly at: string } | undefined;
  /** Merged by GitHub itself once all that is required is there. */
  autoMerge?: { readonly by: Account; readonly method: MergeMethod; readonly at: string };
  readonly maintainerCanModify: boolean;
  readonly reviews: Review[];
  readonly reviewComments: ReviewComment[];
  /** Who closed a conversation, by the id of its first comment. */
  readonly resolvedThreads: Map<number, Account>;
  readonly requestedReviewers: Account[];
}

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: PullRequest };

export function isPull(issue: Issue | undefined): issue is PullIssue {
  return issue?.pull !== undefined;
}
