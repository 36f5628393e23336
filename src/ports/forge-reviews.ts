/** Where a comment stands in a pull request's diff; new side unless said. */
export interface ReviewPlace {
  readonly path: string;
  readonly line: number;
  readonly startLine?: number;
}

export interface NewReview {
  readonly commitSha: string;
  readonly event: 'COMMENT' | 'REQUEST_CHANGES' | 'APPROVE';
  readonly body: string;
  readonly comments: readonly (ReviewPlace & { readonly body: string })[];
}

export interface ReviewInfo {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly state: 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';
  readonly commitSha: string | undefined;
  readonly submittedAt: string | undefined;
  readonly url: string;
}

export interface ReviewCommentInfo {
  readonly id: number;
  readonly reviewId: number | undefined;
  readonly author: string;
  readonly body: string;
  readonly path: string;
  /** Undefined: about the file, or the line is gone from the diff. */
  readonly line: number | undefined;
  readonly inReplyTo: number | undefined;
  readonly createdAt: string;
  readonly url: string;
}

/** A conversation on a line, as GitHub's GraphQL tells it. */
export interface ReviewThread {
  /** Node id. */
  readonly id: string;
  readonly resolved: boolean;
  /** Login of whoever closed it: the author of the pull request may, without any right. Absent: GitHub does not say. */
  readonly resolvedBy?: string;
  readonly outdated: boolean;
  /** Database ids, the first one first. */
  readonly comments: readonly number[];
}

/** One file of a pull request's diff. */
export interface PullFile {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: string;
  /** Unified diff without its head; undefined for binaries and what is too large for GitHub to show. */
  readonly patch: string | undefined;
}

/** What a reviewer writes and reads on pull requests of one repository. Lists are read to their ends. */
export interface ForgeReviews {
  /** Every file, all 3,000 that GitHub tells; `complete` is false when there are more. */
  files(pull: number): Promise<{ readonly files: readonly PullFile[]; readonly complete: boolean }>;
  /** The same between two commits, from where they parted; 300 files, for GitHub tells no more of a comparison, and none of a commit that is gone. */
  filesBetween(
    base: string,
    head: string,
  ): Promise<{ readonly files: readonly PullFile[]; readonly complete: boolean }>;
  reviews(pull: number): Promise<readonly ReviewInfo[]>;
  comments(pull: number): Promise<readonly ReviewCommentInfo[]>;
  threads(pull: number): Promise<readonly ReviewThread[]>;
  /** `refused`: GitHub's own words, such as that nobody requests changes of their own pull request. */
  create(
    pull: number,
    review: NewReview,
  ): Promise<
    { readonly kind: 'created'; readonly review: ReviewInfo } | { readonly kind: 'refused'; readonly reason: string }
  >;
  /** Eyes on a review. */
  react(pull: number, reviewId: number): Promise<void>;
  reply(pull: number, commentId: number, body: string): Promise<ReviewCommentInfo>;
  resolveThread(threadId: string): Promise<void>;
  /** Open again, for something that came back. */
  reopenThread(threadId: string): Promise<void>;
  /** A review that asked for changes asks no more. `refused`: GitHub's own words; a protected branch leaves it to few. */
  dismiss(
    pull: number,
    reviewId: number,
    message: string,
  ): Promise<{ readonly kind: 'dismissed' } | { readonly kind: 'refused'; readonly reason: string }>;
  /** A draft becomes one that people are asked to look at. */
  markReady(pull: number): Promise<'ready' | 'was-ready'>;
}
