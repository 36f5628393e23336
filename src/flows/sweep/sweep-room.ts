import type { RunRecord } from '../../domain/coordination/run-record.ts';
import type { BudgetRecount } from '../../ports/budget-recount.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { CursorStore } from '../../ports/cursor-store.ts';
import type { ForgeApp } from '../../ports/forge-app.ts';
import type { TaskQueue } from '../../ports/task-queue.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import type { LookUp } from '../mirror-issue.ts';

/** What the sweeper works with: the dispatcher's room, and what only it looks at. */
export interface SweepRoom extends Omit<DispatchRoom, 'budgets'> {
  readonly budgets: BudgetStore;
  readonly recount: BudgetRecount;
  readonly cursors: CursorStore;
  readonly app: Pick<ForgeApp, 'deliveries' | 'redeliver' | 'installations' | 'repositoriesOf'>;
  readonly queue: Pick<TaskQueue, 'send' | 'deadLetters'>;
  /** Bounds what texts of strangers make a sweep ask GitHub for. */
  readonly lookUps: (ask: LookUp) => LookUp;
  /** `github.com`: where addresses in issues must lead to name anything. */
  readonly host: string;
  /** GitHub's word on whether a run's workflow run has ended; a few minutes old at most. False when it does not tell. */
  readonly hasEnded: (run: RunRecord) => Promise<boolean>;
}

/** Each part of a sweep does what it can until then, and leaves the rest to the next one. */
export interface SweepBounds {
  readonly signal: AbortSignal;
  /** Whether it is time to stop beginning things. */
  readonly isTimeUp: () => boolean;
}
