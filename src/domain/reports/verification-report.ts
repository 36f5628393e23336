import type { PatchManifest } from '../patch.ts';
import type { TestRun } from '../test-run.ts';

/** What a tester says. Whether it is so is measured: `VerificationEvidence` decides. Untrusted text. */
export interface VerificationReport {
  readonly kind: 'verification';
  /** What was checked, against which sentence of the issue. */
  readonly summary: string;
  /** The command that runs the new tests alone; run by us on the base and on the head. */
  readonly command: string;
  /** What was not checked. */
  readonly notVerified: readonly string[];
}

export const verificationVerdicts = [
  /** The tester's test fails on the base and passes with the change. */
  'confirmed',
  /** It fails with the change as well. */
  'not-fixed',
  /** It passes without the change: it shows nothing. */
  'not-reproduced',
  /** The repository's own tests got worse with the change. */
  'regressed',
  /** It could not be run: no tests were written, or the sandbox runs no commands. */
  'unproven',
] as const;
export type VerificationVerdict = (typeof verificationVerdicts)[number];

/** Measured in rooms that the agent was never in: the tester's files laid over the base, and over the pull request's head. */
export interface VerificationEvidence {
  /** The tester's test files, on top of the pull request's head; absent: it wrote none. */
  readonly tests?: PatchManifest;
  readonly onBase?: TestRun;
  readonly onHead?: TestRun;
  /** The repository's own test command on base and head. */
  readonly suiteOnBase?: TestRun;
  readonly suiteOnHead?: TestRun;
  /** Why something of this is missing. */
  readonly missing?: string;
}
