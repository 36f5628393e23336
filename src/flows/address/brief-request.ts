import type { Brief } from '../../domain/brief.ts';
import type { MergeOf } from '../../domain/merge-of.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Forge, PullRequestInfo } from '../../ports/forge.ts';
import type { ForgeChecks } from '../../ports/forge-checks.ts';
import type { ForgeReviews } from '../../ports/forge-reviews.ts';
import type { ToldBefore } from './told-before.ts';

/** What of the forge is asked about a pull request that waits for an answer of its coder. */
export type BriefForge = Pick<
  Forge,
  'comments' | 'compare' | 'file' | 'filesAt' | 'isOwnAuthor' | 'mergeBase' | 'pullRequest'
> & {
  readonly reviews: Pick<ForgeReviews, 'reviews' | 'comments' | 'threads' | 'files'>;
  readonly checks: ForgeChecks;
};

/** Why a coder may be wanted again. */
export type BriefCause =
  /** Somebody typed `fix` or `retry`: all that is open on the pull request now. Its checks are looked at once. */
  | { readonly kind: 'asked' }
  /** A review that was handed in; those that request no changes and hold no comment on a line ask for nothing. */
  | { readonly kind: 'review'; readonly reviewId: number }
  /** A comment on a line, alone or within a thread. */
  | { readonly kind: 'comment'; readonly commentId: number }
  /** A check ended on this commit; older ones than the head ask for nothing. */
  | { readonly kind: 'checks'; readonly sha: string }
  /** The base went on, and GitHub cannot merge the pull request any more. */
  | { readonly kind: 'base' }
  /** The next step of a team: its record names the reasons, and what was learned. */
  | { readonly kind: 'step'; readonly record: Pick<TeamRecord, 'reasons' | 'memory'> };

export interface BriefRequest {
  readonly forge: BriefForge;
  readonly issue: number;
  /** The agent's own pull request; open, and not from a fork. */
  readonly pull: PullRequestInfo;
  /** Head of its base as the task will name it: everything in one admission is about one base. */
  readonly baseSha: string;
  readonly cause: BriefCause;
  /** Whether words of this person may start an agent. Remarks of others are left out, and counted in `brief.omitted`. */
  readonly mayBeHeard: (login: string) => Promise<boolean>;
  /** Takes secrets out of a text: logs of checks are as their jobs left them. */
  readonly redact: (text: string) => string;
  readonly log: (line: string) => void;
  /** Of what people said; whoever asks for all that is open is told all of it. */
  readonly told: ToldBefore;
  readonly clock: Clock;
  /** Ends waiting. */
  readonly signal: AbortSignal;
}

export type FoundBrief =
  | {
      readonly kind: 'brief';
      readonly brief: Brief;
      /** For `continues.mergeOf`: the base is merged on the way. Only with a reason of the kind `conflict`. */
      readonly mergeOf?: MergeOf;
    }
  /** Nothing asks for a change; `why` is a sentence of ours for people. */
  | { readonly kind: 'nothing'; readonly why: string };
