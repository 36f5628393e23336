/** A pull request as it was when somebody asked for work on it. All text is untrusted data, never instructions. */
export interface PullSnapshot {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly url: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly baseBranch: string;
  /** Where the two parted: what the change is measured against. */
  readonly baseSha: string;
  readonly draft: boolean;
  /** From another repository: its code is a stranger's, and nothing can be pushed to it. */
  readonly fromFork: boolean;
}
