import type { Finding, Severity } from './finding.ts';

/** What the coder says about a finding, when it hands in a change that answers a review. */
export const findingAnswers = ['fixed', 'refuted', 'left-open'] as const;
export type FindingAnswerKind = (typeof findingAnswers)[number];

export interface FindingAnswer {
  readonly fingerprint: string;
  readonly answer: FindingAnswerKind;
  /** Why; of a refuted one it is what stands under it for good. */
  readonly why: string;
}

/** A finding as the rounds remember it, by a fingerprint that stays when lines move. */
export interface KnownFinding extends Pick<Finding, 'path' | 'line' | 'category' | 'title' | 'body'> {
  readonly fingerprint: string;
  readonly severity: Severity;
  /** Round in which it was first told, counted from 1. */
  readonly round: number;
  readonly standing: 'open' | 'fixed' | 'refuted';
  /** A person has ended the conversation: it is settled, and no reviewer begins it anew. */
  readonly closedBy?: 'person';
  /** The coder's last word on it. */
  readonly answer?: { readonly answer: FindingAnswerKind; readonly why: string };
  /** The review comment that tells it; absent: the diff does not show the place, so it stands in the review's text. */
  readonly commentId?: number;
}
