import type { FailedCheck } from '../../domain/brief.ts';
import type { ClaimRecord } from '../../domain/claim.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Mailbox } from '../../ports/mailbox.ts';
import type { SecretScanner } from '../../ports/secret-scanner.ts';
import type { StepStarter } from '../../ports/step-starter.ts';

/** What the flows of a team work with, wherever they are: the gate, a publisher, a dispatcher, a sweeper. */
export interface TeamRoom {
  readonly forge: Forge;
  readonly claims: Pick<ClaimStore, 'read'>;
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
  readonly log: (line: string) => void;
  /** Absent: the step stays pending, and whoever sweeps next has it started. */
  readonly starter?: StepStarter;
  /** Looks through what becomes part of the record, which everybody may read who may read the code. */
  readonly scanner?: SecretScanner;
  /** Where agents tell each other what they hand on; a coordinator's. */
  readonly mailbox?: Pick<Mailbox, 'send'>;
  /** Whether the run behind a claim has ended, by GitHub's own record. */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
  /** Why checks failed, for the coder. Absent: their names alone. */
  readonly failedChecks?: (pull: number, headSha: string) => Promise<readonly FailedCheck[]>;
  /** How long checks of a fresh head are waited for, milliseconds; not at all when absent. */
  readonly checksPatienceMs?: number;
  readonly triggerPhrase?: string;
  /** `agent/` when absent. */
  readonly branchPrefix?: string;
}
