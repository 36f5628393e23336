import { servedCoordinator } from '../fakes/served-coordinator.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { activityLogContract } from './activity-log.contract.ts';
import { budgetStoreContract } from './budget-store.contract.ts';
import { claimBudgetContract } from './claim-budget.contract.ts';
import { claimStoreContract } from './claim-store.contract.ts';
import type { ClaimStoreFixture } from './claim-store.fixture.ts';
import type { CoordinationFixture } from './coordination.fixture.ts';
import { dependenciesContract } from './dependencies.contract.ts';
import { mailboxContract } from './mailbox.contract.ts';
import { runStoreContract } from './run-store.contract.ts';
import { taskStoreContract } from './task-store.contract.ts';

/** Every client speaks HTTP to the one coordinator, which keeps all of it in SQLite. */
async function coordination(clock: SimulatedClock): Promise<CoordinationFixture> {
  const served = await servedCoordinator(clock);
  return { client: () => served.client(), [Symbol.asyncDispose]: served[Symbol.asyncDispose] };
}

async function claims(clock: SimulatedClock): Promise<ClaimStoreFixture> {
  const served = await servedCoordinator(clock);
  return { client: () => served.client().claims, [Symbol.asyncDispose]: served[Symbol.asyncDispose] };
}

async function stores(clock: SimulatedClock) {
  const served = await servedCoordinator(clock);
  return { ...served.client(), [Symbol.asyncDispose]: served[Symbol.asyncDispose] };
}

const name = 'a coordinator over HTTP';
claimStoreContract(name, claims);
claimBudgetContract(name, claims);
budgetStoreContract(name, stores);
activityLogContract(name, stores);
taskStoreContract(name, coordination);
dependenciesContract(name, coordination);
runStoreContract(name, coordination);
mailboxContract(name, coordination);
