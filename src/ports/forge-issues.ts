import type { MirroredIssue } from '../domain/coordination/task-record.ts';
import type { IssuePlace } from '../domain/repository.ts';

/** How many there are, so that whoever has none need not be asked about them. */
export interface IssueLinkCounts {
  readonly blockedBy: number;
  readonly subIssues: number;
}

export interface ListedIssue {
  readonly issue: MirroredIssue;
  /** Undefined where the server does not tell: it knows no dependencies and no sub-issues. */
  readonly links: IssueLinkCounts | undefined;
}

/** What GitHub's own search is asked; `domain/query/github-search.ts` writes it. */
export interface IssueSearch {
  readonly search: string;
  readonly order?: { readonly by: string; readonly direction: 'asc' | 'desc' };
}

/**
 * The issues and pull requests of one repository, and what GitHub itself keeps about which waits for which. Linked issues
 * may be of other repositories. Every list is read to its end; faults are those of `Forge`.
 */
export interface ForgeIssues {
  /**
   * All that changed at or after `since` (ISO 8601), open and closed, in the order of their last change. Nothing is missed that
   * changes meanwhile: it comes (again) at the end. Some may come twice.
   */
  changedSince(since: string | undefined): AsyncIterable<readonly ListedIssue[]>;
  /** Undefined when there is none, or the token may not see it. */
  find(place: IssuePlace): Promise<ListedIssue | undefined>;

  /** Numbers of what GitHub's search finds in this repository, in its order. E200 when it finds more than it tells. */
  search(asked: IssueSearch): Promise<readonly number[]>;

  blockedBy(issue: number): Promise<readonly MirroredIssue[]>;
  blocking(issue: number): Promise<readonly MirroredIssue[]>;
  /** `cycle`: the blocker waits for this issue already. `missing`: there is no such blocker. */
  addBlockedBy(issue: number, blocker: IssuePlace): Promise<'added' | 'exists' | 'cycle' | 'missing'>;
  removeBlockedBy(issue: number, blocker: IssuePlace): Promise<'removed' | 'missing'>;

  subIssues(issue: number): Promise<readonly MirroredIssue[]>;
  parent(issue: number): Promise<MirroredIssue | undefined>;
}
