import type { ActivityLog } from './activity-log.ts';
import type { BudgetStore } from './budget-store.ts';
import type { ClaimStore } from './claim-store.ts';
import type { Mailbox } from './mailbox.ts';
import type { RunStore } from './run-store.ts';
import type { TaskStore } from './task-store.ts';

/** Everything that a coordinator keeps, over one store. Plain GitHub offers only `claims`. */
export interface Coordination extends AsyncDisposable {
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly activity: ActivityLog;
  readonly mailbox: Mailbox;
}
