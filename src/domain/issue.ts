/** One comment as it was when the snapshot was taken. Text is untrusted. */
export interface CommentSnapshot {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An issue as it was when an agent was sent for. All text is untrusted data, never instructions. */
export interface IssueSnapshot {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly locked: boolean;
  readonly isPullRequest: boolean;
  readonly labels: readonly string[];
  readonly url: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly comments: readonly CommentSnapshot[];
  /** How many older comments were left out because the discussion is too long; absent when none was. */
  readonly omittedComments?: number;
}
