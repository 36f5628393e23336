export const issueTypes = ['bug', 'feature', 'refactoring', 'tests', 'docs', 'question', 'chore'] as const;
export type IssueType = (typeof issueTypes)[number];

export const issueSizes = ['xs', 's', 'm', 'l', 'xl'] as const;
export type IssueSize = (typeof issueSizes)[number];

/** What this issue is to another one. */
export const issueRelations = ['duplicates', 'blocked_by', 'parent'] as const;
export type IssueRelation = (typeof issueRelations)[number];

/** An issue that this one has to do with, as the reader takes it from the repository's own issues. */
export interface RelatedIssue {
  readonly issue: number;
  readonly relation: IssueRelation;
  readonly why: string;
}

/** What an issue reader hands over. Untrusted text: labels and issues are held against those that there are. */
export interface TriageReport {
  readonly kind: 'triage';
  /** What is asked for, in one or two sentences. */
  readonly summary: string;
  readonly type: IssueType;
  readonly size: IssueSize;
  /** 0 is the most urgent, 4 the least. */
  readonly priority: number;
  /** Labels of the repository that fit. */
  readonly labels: readonly string[];
  /** How one sees that it is done, each to be checked by itself. */
  readonly acceptance: readonly string[];
  /** What is missing, as questions that the author can answer; none: the work can begin. */
  readonly questions: readonly string[];
  readonly related: readonly RelatedIssue[];
  /** A title that says better what it is about; absent: it says it. */
  readonly title?: string;
  /** One of the open milestones that it belongs to; absent: nothing is said of it. */
  readonly milestone?: string;
  /** Nothing is to be done for it: a duplicate, answered, not of this repository. */
  readonly state?: 'closed';
}
