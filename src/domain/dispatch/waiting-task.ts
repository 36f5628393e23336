import type { ClaimKey } from '../claim.ts';
import { type AmountName, amountNames } from '../coordination/amounts.ts';
import type { BudgetKey } from '../coordination/budget-record.ts';
import type { QueuedDelivery } from './queued-message.ts';

/** What others have and give back, or what others have to end first: issues that block it, runs on the same files. */
export const waitedFor = [...amountNames, 'runs', 'blockers', 'files'] as const;
export type WaitedFor = (typeof waitedFor)[number];
export type Shortage = AmountName | 'runs';

/** A task that was asked for and cannot start yet. It is begun anew, from the request, when it can. */
export interface WaitingTask {
  readonly key: ClaimKey;
  /** The budget that it waits for, or of a repository those who wait for other tasks (`linesOfOthers`). */
  readonly line: BudgetKey;
  readonly limit: WaitedFor;
  /** How much of a budget the run reserves; absent: it waits for none, or an earlier version wrote the place down. */
  readonly needs?: number;
  /** Of the limit `files`: the claims of the runs that go first. */
  readonly behind?: readonly ClaimKey[];
  /** Milliseconds since 1970: when it came, kept when it has to wait again. With `priority` its place (`line-order.ts`). */
  readonly since: number;
  /** 0, the most urgent, to 4, as the task has it in the books; absent: an earlier version wrote the place down. */
  readonly priority?: number;
  /** What was asked for, with all that has to be checked again. */
  readonly asked: QueuedDelivery;
}

/** What a budget may be short of; undefined: other tasks are waited for. */
export function shortageIn(limit: WaitedFor): Shortage | undefined {
  return limit === 'blockers' || limit === 'files' ? undefined : limit;
}
