import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import type { QueuedDelivery } from '../../domain/dispatch/queued-message.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { WaitingList } from '../../ports/waiting-list.ts';

/** Where a request stands in line, and the request as it came, to be asked for again from there. */
export interface WaitingRoom {
  readonly list: WaitingList;
  readonly budgets: Pick<BudgetStore, 'caps' | 'read'>;
  readonly asked: QueuedDelivery;
  /** Tells those who stand behind this many their new numbers. */
  readonly retell?: (line: BudgetKey, before: number) => Promise<void>;
}
