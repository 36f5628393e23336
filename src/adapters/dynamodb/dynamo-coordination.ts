import type { ActivityLog } from '../../ports/activity-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Coordination } from '../../ports/coordination.ts';
import { createDynamoBudgetStore } from './budget-store.ts';
import { createDynamoClaimStore } from './claim-store.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { createDynamoMailbox } from './mailbox.ts';
import { createDynamoRunStore } from './run-store.ts';
import { createDynamoTaskStore } from './task-store.ts';

/** Everything that a coordinator keeps, in one table, whose connections end with it. */
export function dynamoCoordination(
  table: DynamoTable,
  { clock, activity }: { readonly clock: Clock; readonly activity: ActivityLog },
): Coordination {
  return {
    claims: createDynamoClaimStore(table, clock),
    budgets: createDynamoBudgetStore(table, clock),
    tasks: createDynamoTaskStore(table, clock),
    runs: createDynamoRunStore(table, clock),
    activity,
    mailbox: createDynamoMailbox(table, clock),
    [Symbol.asyncDispose]: async () => table[Symbol.dispose](),
  };
}
