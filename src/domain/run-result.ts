import type { BudgetLimit, Spend } from './budget.ts';
import type { Outcome } from './outcome.ts';
import type { PassedOverRung } from './passed-over.ts';
import type { PatchManifest } from './patch.ts';
import type { FindingAnswer } from './reports/open-finding.ts';
import type { RoleReport } from './reports/role-report.ts';
import type { VerificationEvidence } from './reports/verification-report.ts';
import type { SandboxRung } from './sandbox-rung.ts';
import type { TestRun } from './test-run.ts';

/** What of a workspace was kept out of the room in which a submission is tested: the agent could have prepared it. */
export interface LeftOut {
  readonly count: number;
  /** The first of them: `node_modules/.bin/tap`, `~/.npmrc`. Untrusted text. */
  readonly paths: readonly string[];
}

/** Where the tests that speak for a change ran, and so how much their word is worth. */
export type TestProof =
  /** In a room that the agent was never in: the base, the change, and what set-up had left and nobody has touched since. */
  | { readonly room: 'fresh'; readonly leftOut: LeftOut }
  /** Where the agent had worked, which can make any test pass. `fresh` is what they said in a fresh room, when there was one. */
  | { readonly room: 'own'; readonly why: string; readonly leftOut: LeftOut; readonly fresh?: TestRun };

/** What the agent wrote with its `submit` tool. Untrusted text. */
export interface Submission {
  readonly title: string;
  readonly body: string;
  /** What the agent says it verified, one line each. */
  readonly verified: readonly string[];
  /** What it says about the findings that it was sent to answer. */
  readonly answers?: readonly FindingAnswer[];
}

/** What an agent hands in at the end of its work, by the kind of it. */
export type HandOver =
  | { readonly kind: 'change'; readonly submission: Submission }
  | { readonly kind: 'report'; readonly report: RoleReport };

export type { SandboxRung };

/** What the agent job hands to the publish job as `result.json`. Untrusted: the publisher parses and checks all of it. */
export interface RunResult {
  readonly schema: 1;
  readonly runId: string;
  /** `succeeded` here means "ready to publish"; only the publisher says it to the world. */
  readonly outcome: Outcome;
  /** One or two sentences for a person: why it ended so, and whether trying again helps. */
  readonly reason: string;
  readonly submission?: Submission;
  /** What a role hands over that changes nothing; of the kind that the task asks for. */
  readonly report?: RoleReport;
  /** What was measured about a verification. */
  readonly evidence?: VerificationEvidence;
  /** What the next run on this issue should know, compacted. Untrusted text. */
  readonly memory?: string;
  /** For `needs_info`: the numbered questions. */
  readonly questions?: readonly string[];
  readonly overLimit?: BudgetLimit;
  readonly spend: Spend;
  readonly modelCalls: number;
  readonly model: string;
  readonly sandbox: {
    readonly rung: SandboxRung;
    readonly description: string;
    /** Stronger ones that the machine could not have; absent when there was none. Untrusted text. */
    readonly passedOver?: readonly PassedOverRung[];
  };
  readonly testsBefore?: TestRun;
  readonly testsAfter?: TestRun;
  /** Where `testsAfter` ran. Absent: where the agent had worked. */
  readonly proof?: TestProof;
  readonly patch?: PatchManifest;
  /** Milliseconds by phase: sandbox, baseline, agent, verify, collect. */
  readonly durations: Readonly<Record<string, number>>;
}
