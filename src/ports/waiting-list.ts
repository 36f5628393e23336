import type { ClaimKey } from '../domain/claim.ts';
import type { BudgetKey } from '../domain/coordination/budget-record.ts';
import type { WaitingTask } from '../domain/dispatch/waiting-task.ts';

/** Tasks in line for room in a budget: by priority and age (`byRank`), one place for each task. */
export interface WaitingList {
  /** `already`: it stands somewhere and keeps its `since`; budget, limit, priority and request are those told now. `ahead`: in its line. */
  join(
    task: WaitingTask,
  ): Promise<{ readonly kind: 'joined' | 'already'; readonly task: WaitingTask; readonly ahead: number }>;
  /** It runs now, or nobody wants it any more. False: it did not wait. */
  leave(key: ClaimKey): Promise<boolean>;
  read(key: ClaimKey): Promise<WaitingTask | undefined>;
  /** Who stands in line for this budget, first in line first. */
  line(budget: BudgetKey, limit: number): Promise<readonly WaitingTask[]>;
  /** Everybody who waits, line by line: for whoever looks whether somebody was forgotten. */
  all(): AsyncIterable<WaitingTask>;
}
