import type { PatchManifest } from './patch.ts';
import type { KnownFinding } from './reports/open-finding.ts';
import type { TestRun } from './test-run.ts';

/** A person's words on a line, or on the whole, of an agent's pull request. Untrusted text. */
export interface Remark {
  readonly author: string;
  readonly body: string;
  readonly path?: string;
  readonly line?: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly commentId: number;
  /** The commit that it was said about, when that is not the head any more: later commits may have answered it. */
  readonly about?: string;
  /** The lines of the file that it is at, as they are now: nobody's words but the branch's. */
  readonly lines?: string;
}

/** Remarks that an agent is not told of. */
export interface Omitted {
  /** Their authors may not start agents. */
  readonly unheard: number;
  /** There was no room for them; the oldest. */
  readonly left: number;
}

/** A check that failed on the pull request's head, with the part of its log that tells why. Untrusted text. */
export interface FailedCheck {
  readonly name: string;
  readonly url: string;
  readonly conclusion: string;
  /** The lines around the failure, cut to what a model can read. */
  readonly excerpt: string;
}

/** Why a coder is started again on a branch of its own, and with what. */
export type BriefReason =
  | { readonly kind: 'findings'; readonly findings: readonly KnownFinding[]; readonly round: number }
  | { readonly kind: 'remarks'; readonly remarks: readonly Remark[] }
  | { readonly kind: 'failed-checks'; readonly checks: readonly FailedCheck[] }
  /** A tester's test that the change does not pass, or that shows that something else broke. */
  | { readonly kind: 'failing-test'; readonly tests: PatchManifest; readonly run: TestRun; readonly summary: string }
  /** The base went on and git cannot merge: the workspace holds the merge with its conflict marks in these files. */
  | { readonly kind: 'conflict'; readonly baseSha: string; readonly paths: readonly string[] };

/** What a run that goes on with earlier work is told besides the issue. */
export interface Brief {
  readonly reasons: readonly BriefReason[];
  /** What the earlier runs did and learned, compacted; untrusted: a model wrote it. */
  readonly memory?: string;
  /** Absent: none were left out. */
  readonly omitted?: Omitted;
}
