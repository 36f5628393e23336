import type { BriefReason } from '../brief.ts';
import type { CommandName } from '../command.ts';
import type { KnownFinding } from '../reports/open-finding.ts';
import type { ChoosableStage, Stage } from './stage.ts';

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
}

export type TeamState =
  /** Somebody is to be started. */
  | { readonly kind: 'pending'; readonly step: PendingStep }
  | { readonly kind: 'running'; readonly runId: string; readonly fence: number }
  /** It is a person's turn, or GitHub's. */
  | {
      readonly kind: 'waiting';
      readonly for: 'answer' | 'approval' | 'checks' | 'person' | 'blockers';
      readonly what: string;
    }
  | { readonly kind: 'over'; readonly how: 'ready' | 'closed' | 'stopped' | 'given-up'; readonly what: string };

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
  readonly chosen: readonly ChoosableStage[];
  /** Rounds between coder and reviewer, until a person is asked. */
  readonly maxRounds: number;
  readonly stage: Stage;
  readonly state: TeamState;
  /** Coder ↔ reviewer, counted from 1 with the first review. */
  readonly round: number;
  /** Tries of this stage that failed in a row. */
  readonly tries: number;
  readonly pullRequest?: number;
  /** What was looked at last. */
  readonly headSha?: string;
  readonly findings: readonly KnownFinding[];
  /** What the coder is told when it is started again. */
  readonly reasons: readonly BriefReason[];
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
