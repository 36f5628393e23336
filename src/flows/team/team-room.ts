import type { ClaimRecord } from '../../domain/claim.ts';
import type { Settings } from '../../domain/settings.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Forge } from '../../ports/forge.ts';
import type { SecretScanner } from '../../ports/secret-scanner.ts';
import type { StepStarter } from '../../ports/step-starter.ts';
import type { FoundFailures } from '../address/failed-checks.ts';
import type { Books } from '../coordinated-run.ts';

/** What the flows of a team work with, wherever they are: the gate, a publisher, a dispatcher, a sweeper. */
export interface TeamRoom {
  readonly forge: Forge;
  readonly claims: ClaimStore;
  /** A coordinator's, which hear when a run is ended from here. */
  readonly books: Books | undefined;
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
  readonly log: (line: string) => void;
  /** Undefined: the step stays pending, and whoever sweeps next has it started. */
  readonly starter: StepStarter | undefined;
  /** Looks through what becomes part of the record, which everybody may read who may read the code. */
  readonly scanner: SecretScanner | undefined;
  /** Whether the run behind a claim has ended, by GitHub's own record. */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
  /** Why checks failed, for the coder. */
  readonly failedChecks: (pull: number, headSha: string) => Promise<FoundFailures>;
  /** How long checks of a fresh head are waited for, milliseconds; 0: not at all. */
  readonly checksPatienceMs: number;
  /** Read when they are needed for the first time. */
  readonly settings: () => Promise<TeamSettings>;
}

/** How agents are spoken to, who may, and what their branches are called; of the default branch. */
export type TeamSettings = Pick<
  Settings,
  | 'triggerPhrase'
  | 'merge'
  | 'branchPrefix'
  | 'automaticRemarks'
  | 'automaticReview'
  | 'automaticBase'
  | 'who'
  | 'allowUsers'
  | 'allowedBots'
>;
