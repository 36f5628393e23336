import type { Team } from '../domain/actor-policy.ts';
import type { CommentSnapshot, IssueSnapshot } from '../domain/issue.ts';
import type { Permission } from '../domain/permission.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { ForgeChecks } from './forge-checks.ts';
import type { ForgeLabels } from './forge-labels.ts';
import type { ForgeMetadata } from './forge-metadata.ts';
import type { ForgeReviews } from './forge-reviews.ts';
import type { HeldChanges } from './held-changes.ts';
import type { TeamRecords } from './team-records.ts';

export type { Permission } from '../domain/permission.ts';

export interface CommitInfo {
  readonly sha: string;
  readonly treeSha: string;
  readonly parents: readonly string[];
}

export type TreeEntry =
  | { readonly kind: 'text'; readonly path: string; readonly mode: '100644' | '100755'; readonly content: string }
  | { readonly kind: 'blob'; readonly path: string; readonly mode: '100644' | '100755'; readonly sha: string }
  | { readonly kind: 'delete'; readonly path: string };

/** What lies at a path of a commit. */
export interface ListedFile {
  /** git's id of its content; of a submodule the commit. */
  readonly sha: string;
  /** A link is a file that holds where it leads. */
  readonly kind: 'file' | 'submodule';
  /** 0 for a submodule. */
  readonly sizeBytes: number;
}

export interface NewCommit {
  readonly message: string;
  readonly treeSha: string;
  readonly parents: readonly string[];
}

export interface PullRequestInfo {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly baseBranch: string;
  /** From another repository, or one that is gone: its code is a stranger's, and nothing can be pushed to it. */
  readonly fromFork: boolean;
  /**
   * Whether git could merge it into its base. `unknown`: GitHub is still working it out (ask again), it is no longer open, or
   * it came from a list, which never tells.
   */
  readonly mergeable: 'yes' | 'conflicts' | 'unknown';
  readonly author: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface NewPullRequest {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

export interface PullRequestMerge {
  readonly sha: string;
  readonly method: 'merge' | 'squash' | 'rebase';
}

export type MergeResult =
  | { readonly kind: 'merged'; readonly sha: string }
  /** Somebody pushed since `sha` was looked at. */
  | { readonly kind: 'head-moved' }
  /** Conflicts, a draft, a required check or review, a closed pull request: GitHub's own words tell which. */
  | { readonly kind: 'refused'; readonly reason: string };

export type AutoMerge =
  | { readonly kind: 'asked' }
  /** Not allowed in the repository, nothing to wait for, the head moved: GitHub's own words tell which. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How one commit stands to an older one. */
export type Comparison =
  | { readonly kind: 'same' }
  /** All of the older one is in it. `paths`: what lies between; undefined when there is more than GitHub tells. */
  | { readonly kind: 'ahead'; readonly paths: readonly string[] | undefined }
  /** The older one is not in it: history was rewritten. */
  | { readonly kind: 'apart' };

export interface WorkflowRunInfo {
  readonly id: number;
  readonly attempt: number;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
}

/**
 * One repository on GitHub (or what speaks its protocol). Every list is read to its end. Faults are `EntropyError`s of
 * the E2xx family: E201 bad token, E202 not found, E203 rate limit, E204 missing permission (with the YAML to add).
 * What the caller must expect (a ref that exists, a head that moved) is a returned value, not an error.
 */
export interface Forge {
  readonly repository: RepositoryRef;

  defaultBranch(): Promise<string>;
  /** Whether everybody may read it: code, artifacts and logs of its workflow runs. */
  isPublic(): Promise<boolean>;
  permissionOf(login: string): Promise<Permission>;
  /** `cannot-tell`: GitHub shows the members of this team to Apps with `members: read` only, and a job's token is none. */
  isTeamMember(team: Team, login: string): Promise<'member' | 'no-member' | 'cannot-tell'>;

  /** Without its comments (`comments: []`), which `comments` reads. */
  issue(number: number): Promise<IssueSnapshot>;
  /** Open ones with this label, the oldest first; no pull requests. Without their comments. */
  openIssues(label: string): Promise<readonly IssueSnapshot[]>;
  /** Open issues, what changed last first; a hundred at most, pull requests among them left out. Without their comments. */
  newestIssues(): Promise<readonly IssueSnapshot[]>;
  /** GitHub makes a label that the repository lacks: only labels of ours belong here. */
  createIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  }): Promise<IssueSnapshot>;
  comments(issue: number): Promise<readonly CommentSnapshot[]>;
  createComment(issue: number, body: string): Promise<CommentSnapshot>;
  updateComment(commentId: number, body: string): Promise<CommentSnapshot>;
  comment(commentId: number): Promise<CommentSnapshot | undefined>;
  deleteComment(commentId: number): Promise<void>;
  /** `eyes` at once on the comment that holds the command: the acknowledgement in seconds. */
  reactToComment(commentId: number, reaction: 'eyes' | '+1' | 'confused'): Promise<void>;
  /** The same for a comment on a line of a pull request. */
  reactToLineComment(commentId: number, reaction: 'eyes' | '+1' | 'confused'): Promise<void>;

  /** The bytes of a file at a ref; undefined when there is none. */
  file(path: string, ref: string): Promise<Uint8Array | undefined>;
  /** Names of the files right in a folder at a ref, sorted; no folders, no links. GitHub tells of 1,000 entries at most. */
  filesIn(folder: string, ref: string): Promise<readonly string[]>;
  /** All files of a commit by their paths; undefined when there are more than GitHub tells at once (100,000 entries, or 7 MB). */
  filesAt(commitSha: string): Promise<ReadonlyMap<string, ListedFile> | undefined>;
  /** The bytes that git knows by this id. */
  blob(sha: string): Promise<Uint8Array>;
  branchHead(branch: string): Promise<string | undefined>;
  /** Branches whose name starts with the prefix, with their heads. */
  branchesWithPrefix(prefix: string): Promise<readonly { readonly name: string; readonly sha: string }[]>;
  commit(sha: string): Promise<CommitInfo>;
  /** Every path in which a commit differs from its first parent; of a renamed file both names. At most 3,000 are told. */
  changedPaths(sha: string): Promise<readonly string[]>;

  /** `head` as it stands to `base`, which came before. */
  compare(base: string, head: string): Promise<Comparison>;
  /** The commit in which two lines of history parted; undefined when they have nothing in common. */
  mergeBase(base: string, head: string): Promise<string | undefined>;

  /** Changes that wait for somebody's approval, where no workflow starts. */
  readonly held: HeldChanges;
  /** What runs had changed that ended without a hand-over, the newest of each issue, where no workflow starts. */
  readonly unfinished: HeldChanges;
  readonly reviews: ForgeReviews;
  readonly checks: ForgeChecks;
  readonly labels: ForgeLabels;
  readonly metadata: ForgeMetadata;
  /** Where the team stands with each issue. */
  readonly team: TeamRecords;

  createBlob(bytes: Uint8Array): Promise<string>;
  createTree(baseTreeSha: string, entries: readonly TreeEntry[]): Promise<string>;
  createCommit(commit: NewCommit): Promise<CommitInfo>;
  createBranch(branch: string, sha: string): Promise<'created' | 'exists'>;
  /** Fast-forward only; never forced. */
  updateBranch(branch: string, sha: string): Promise<'updated' | 'not-fast-forward' | 'missing'>;

  openPullRequests(headBranch: string): Promise<readonly PullRequestInfo[]>;
  /** Open ones into a branch, the newest first; every one's when none is given. Of `mergeable` they tell nothing. */
  openPullRequestsInto(baseBranch?: string): Promise<readonly PullRequestInfo[]>;
  pullRequest(number: number): Promise<PullRequestInfo | undefined>;
  createPullRequest(pull: NewPullRequest): Promise<{ kind: 'created'; pull: PullRequestInfo } | { kind: 'exists' }>;
  updatePullRequest(
    number: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'closed' },
  ): Promise<PullRequestInfo>;
  /** Only while its head still is `sha`: what was looked at is what gets merged. */
  mergePullRequest(number: number, merge: PullRequestMerge): Promise<MergeResult>;

  /** Asks GitHub to merge by itself when all that the repository requires is there, only while the head still is `sha`. */
  askToMerge(number: number, sha: string): Promise<AutoMerge>;
  /** GitHub merges it no more by itself, whoever had asked for that. Throws E204 where the token may not say so. */
  takeBackMerge(number: number): Promise<'taken-back' | 'not-asked'>;

  /**
   * Whether texts by this author were written with our own token. Where GitHub does not tell whose it is, it counts as a job's
   * own (`github-actions[bot]`) until something was written with it.
   */
  isOwnAuthor(author: string): Promise<boolean>;

  /** Undefined when GitHub knows no such run (deleted, or never there). */
  workflowRun(runId: number): Promise<WorkflowRunInfo | undefined>;
  /** Asks GitHub to cancel a run; it ends a little later. `not-permitted`: the token lacks `actions: write`. */
  cancelWorkflowRun(runId: number): Promise<'cancelling' | 'ended' | 'missing' | 'not-permitted'>;

  /** Requests sent so far, by endpoint (`POST /repos/{owner}/{repo}/git/trees` → 1). */
  requestCounts(): Readonly<Record<string, number>>;
}
