import type { ClaimKey } from '../claim.ts';
import type { AmountName } from '../coordination/amounts.ts';
import type { BudgetKey } from '../coordination/budget-record.ts';
import type { QueuedDelivery } from './queued-message.ts';

/** A task that was asked for and has no room in a budget yet. It is begun anew, from the request, when there is. */
export interface WaitingTask {
  readonly key: ClaimKey;
  /** The budget that it waits for; those who wait for one budget stand in one line. */
  readonly line: BudgetKey;
  readonly limit: AmountName | 'runs';
  /** How much of it the run reserves; absent: an earlier version wrote the place down. */
  readonly needs?: number;
  /** Milliseconds since 1970: its place in the line, kept when it has to wait again. */
  readonly since: number;
  /** What was asked for, with all that has to be checked again. */
  readonly asked: QueuedDelivery;
}
