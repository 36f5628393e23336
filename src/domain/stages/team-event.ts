import type { BriefReason, FailedCheck } from '../brief.ts';
import type { StageResult } from './stage-result.ts';
import type { TeamApproval } from './team-approval.ts';
import type { HeldBack } from './team-record.ts';

/** What the team is told. Whatever comes late, twice, or of somebody else's run changes nothing. */
export type TeamEvent =
  /** A run has taken the pending step; `fence`: of its claim. */
  | { readonly kind: 'begun'; readonly step: string; readonly runId: string; readonly fence: number }
  /** `memory`: what it did and learned. Untrusted. */
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly result: StageResult;
      readonly memory?: string;
      /** Ids of the remarks that it was told of. */
      readonly told?: readonly number[];
    }
  /** The run is dead and left no result. */
  | { readonly kind: 'dead'; readonly runId: string }
  /** Nobody began the step for long: it is asked for again. */
  | { readonly kind: 'overdue'; readonly step: string }
  /** Whoever was to begin it found no room in a budget, which has some again one day: that is no lost start. */
  | { readonly kind: 'no-room'; readonly step: string; readonly place: HeldBack['place'] }
  /** Nobody will ever begin it, for this reason. */
  | { readonly kind: 'start-refused'; readonly step: string; readonly reason: string }
  /** Before code is written: running tasks touch the same files, so these issues come first. */
  | { readonly kind: 'held-up'; readonly step: string; readonly on: readonly number[]; readonly what: string }
  /** A run that was no step of the team brought a change: what a person approved, say. */
  | { readonly kind: 'delivered'; readonly pullRequest: number; readonly headSha: string }
  /** Somebody answered the questions. `approval`, here and below: what the next steps are bound to from now on. */
  | { readonly kind: 'answered'; readonly approval?: TeamApproval }
  | {
      readonly kind: 'plan-approved';
      readonly hash: string;
      readonly by: string;
      readonly approval?: TeamApproval;
    }
  | { readonly kind: 'plan-refused'; readonly by: string }
  /** All of the issues that it waited for are closed, or nobody works on them any more. */
  | {
      readonly kind: 'blockers-closed';
      /** Those of them that there are no more: deleted, or moved to another repository. */
      readonly gone?: readonly number[];
    }
  /** `green`: none speaks against the change. `none`: there are none. `besides`: sentences of ours on those that did not pass. */
  | {
      readonly kind: 'checks';
      readonly headSha: string;
      readonly told: 'green' | 'none';
      readonly besides?: readonly string[];
    }
  /** These have been at work for longer than anything that ends; all others are over, and none failed. */
  | { readonly kind: 'checks'; readonly headSha: string; readonly told: 'unended'; readonly names: readonly string[] }
  | {
      readonly kind: 'checks';
      readonly headSha: string;
      readonly told: 'failed';
      readonly failed: readonly FailedCheck[];
    }
  /** Somebody else pushed to the pull request. */
  | { readonly kind: 'head-moved'; readonly headSha: string }
  /** A person's review, or a conflict with the base: the coder is wanted again. A person's word is worth a round of its own. */
  | { readonly kind: 'sent-back'; readonly reasons: readonly BriefReason[]; readonly by: 'person' | 'forge' }
  /** A person sends the team on, after it had stopped to ask. */
  | { readonly kind: 'resumed'; readonly by: string; readonly approval?: TeamApproval }
  | { readonly kind: 'pull-closed'; readonly pullRequest: number; readonly merged: boolean }
  | { readonly kind: 'issue-closed' }
  | { readonly kind: 'stop'; readonly by: string }
  /** What the end means was told everywhere. */
  | { readonly kind: 'told' };

/** What comes from outside of a pure decision. */
export interface TeamMoment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A new ULID, for the step that this event asks for, if it does. */
  readonly stepId: string;
}
