import type { Finding } from './finding.ts';

/** What a reviewer says about a finding of an earlier round. */
export const findingStandings = ['fixed', 'refuted', 'open'] as const;
export type FindingStanding = (typeof findingStandings)[number];

export interface EarlierFinding {
  readonly fingerprint: string;
  /** `refuted`: the answer to it was right, it was no problem. */
  readonly standing: FindingStanding;
  readonly why: string;
}

/** What a review hands over. Untrusted text; places are held against the diff before anything is published. */
export interface ReviewReport {
  readonly kind: 'review';
  /** What the change does and whether it does what was asked, in a few sentences. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** One entry for each finding that was open before this round. */
  readonly earlier: readonly EarlierFinding[];
  /** What was not looked at, so that nobody takes silence for consent. */
  readonly notReviewed: readonly string[];
}
