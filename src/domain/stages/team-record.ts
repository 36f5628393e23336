import type { BriefReason } from '../brief.ts';
import type { CommandName } from '../command.ts';
import type { KnownFinding } from '../reports/open-finding.ts';
import type { VerificationVerdict } from '../reports/verification-report.ts';
import type { HandOff } from './hand-off.ts';
import type { ChoosableStage, Stage } from './stage.ts';
import type { TeamApproval } from './team-approval.ts';

/** One stage that is over, for the transcript. */
export interface StageEnd {
  readonly stage: Stage;
  readonly round: number;
  readonly runId?: string;
  /** One sentence of ours. */
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The run that is asked for next: whoever starts it shows this id, and it is started for whoever asked at first. */
export interface PendingStep {
  /** A ULID of its own, so that a step is begun once. */
  readonly id: string;
  readonly command: CommandName;
  /** Number of the issue or pull request that it is about. */
  readonly subject: number;
  /** When it was asked for last; who finds it long after asks again. */
  readonly askedAt: number;
  /** How often it was asked for, from 1. */
  readonly asks: number;
  readonly heldBack?: HeldBack;
  readonly handOff?: HandOff;
}

/** `in-line`: it is woken when its turn comes. `nowhere`: it has to be asked for again. */
export const heldBackPlaces = ['in-line', 'nowhere'] as const;

/** A budget had no room for a step when it was asked for last, at `at`: those `asks` were heard, and count no more. */
export interface HeldBack {
  readonly asks: number;
  readonly at: number;
  readonly place: (typeof heldBackPlaces)[number];
}

/** `answer`: to questions. `checks`: GitHub's. `blockers`: other issues, named in `on`. */
export const teamWaits = ['answer', 'approval', 'checks', 'person', 'blockers'] as const;
export type TeamWait = (typeof teamWaits)[number];

/** `ready`: a person may merge it. `closed`: issue or pull request were closed, by a merge as well. */
export const teamEnds = ['ready', 'closed', 'stopped', 'given-up'] as const;
export type TeamEnding = (typeof teamEnds)[number];

export const teamStateKinds = ['pending', 'running', 'waiting', 'closing', 'over'] as const;

export type TeamState =
  /** Somebody is to be started. */
  | { readonly kind: 'pending'; readonly step: PendingStep }
  /** `step`: the id that it was pending under. */
  | { readonly kind: 'running'; readonly runId: string; readonly fence: number; readonly step: string }
  /** It is a person's turn, or GitHub's. */
  | { readonly kind: 'waiting'; readonly for: TeamWait; readonly what: string; readonly on?: readonly number[] }
  /** It ends, and what that means is being told: whoever finds it so tells it again. Nothing but `over` follows. */
  | { readonly kind: 'closing'; readonly how: TeamEnding; readonly what: string }
  | { readonly kind: 'over'; readonly how: TeamEnding; readonly what: string };

/** The plan that waits for an approval, or was approved and is carried out. */
export interface TeamPlan {
  /** SHA-256, in full. */
  readonly hash: string;
  /** Login; absent: nobody has approved it yet. */
  readonly approvedBy?: string;
  /** Files that it will touch, as far as it says. Untrusted. */
  readonly paths: readonly string[];
}

/**
 * Where the team stands with one issue: kept beside the code, one record an issue, changed by comparing and swapping, so that
 * whoever is killed between two stages is followed by one that goes on.
 */
export interface TeamRecord {
  readonly schema: 1;
  /** `owner/name`. */
  readonly repository: string;
  readonly issue: number;
  readonly askedBy: string;
  /** What its steps are bound to; absent: nobody had anything before their eyes. */
  readonly approval?: TeamApproval;
  readonly chosen: readonly ChoosableStage[];
  /** Rounds until a person is asked; more when a person sends the team on. */
  readonly maxRounds: number;
  readonly stage: Stage;
  readonly state: TeamState;
  /** 1, and one more each time that tester, reviewer or checks send the coder back. */
  readonly round: number;
  /** Tries of this stage that failed in a row. */
  readonly tries: number;
  readonly plan?: TeamPlan;
  readonly pullRequest?: number;
  /** What was looked at last. */
  readonly headSha?: string;
  /** Names of checks of it that did not end for so long that a person was asked; who is sent on then waits for them no more. */
  readonly unended?: readonly string[];
  /** The tester's last word about `headSha`; absent: not looked at since it changed. */
  readonly verdict?: VerificationVerdict;
  /** Who takes the change as it is at this head, although no test shows that it is right. */
  readonly taken?: { readonly by: string; readonly headSha: string };
  readonly findings: readonly KnownFinding[];
  /** What the coder is told when it is started again. */
  readonly reasons: readonly BriefReason[];
  /** Remarks of people that its coder was told of and has worked on, by the ids of their comments and reviews. */
  readonly told?: readonly number[];
  /** What the runs did and learned, compacted; at most `maxMemoryBytes`. */
  readonly memory: string;
  /** The newest last; at most `maxHistory`. */
  readonly history: readonly StageEnd[];
}

export const maxMemoryBytes = 16 * 1024;
export const maxHistory = 100;
export const defaultRounds = 3;
/** A stage that fails so often in a row is given up, and a person is asked. */
export const maxStageTries = 2;
/** A step that nobody began after so many starts has nobody who would: a person is asked. */
export const maxAsks = 5;
