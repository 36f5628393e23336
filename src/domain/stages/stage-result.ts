import type { Outcome } from '../outcome.ts';
import type { PatchManifest } from '../patch.ts';
import type { FindingAnswer, KnownFinding } from '../reports/open-finding.ts';
import type { VerificationVerdict } from '../reports/verification-report.ts';
import type { TestRun } from '../test-run.ts';

/** What a run's end means for the stages: told by the publisher, after everything was read back. */
export type StageResult =
  | {
      readonly kind: 'read';
      readonly questions: number;
      readonly duplicateOf?: number;
      readonly blockedBy: readonly number[];
    }
  | {
      readonly kind: 'planned';
      readonly hash: string;
      /** Files that the plan's steps name. Untrusted. */
      readonly paths?: readonly string[];
    }
  | {
      readonly kind: 'changed';
      readonly pullRequest: number;
      readonly headSha: string;
      readonly answers: readonly FindingAnswer[];
    }
  | {
      readonly kind: 'verified';
      readonly verdict: VerificationVerdict;
      readonly headSha: string;
      /** What the coder is given when the verdict asks for it. */
      readonly failing?: { readonly tests: PatchManifest; readonly run: TestRun; readonly summary: string };
    }
  | { readonly kind: 'reviewed'; readonly headSha: string; readonly findings: readonly KnownFinding[] }
  /** Any other end; `succeeded` is none of them. */
  | { readonly kind: 'ended'; readonly outcome: Exclude<Outcome, 'succeeded'>; readonly reason: string };
