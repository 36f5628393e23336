import { memoryClaimStore } from '../fakes/memory-claim-store.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { sqliteRoom, sqliteStores } from '../fakes/sqlite-room.ts';
import { activityLogContract } from './activity-log.contract.ts';
import { budgetStoreContract } from './budget-store.contract.ts';
import { claimBudgetContract } from './claim-budget.contract.ts';
import { claimStoreContract } from './claim-store.contract.ts';
import type { ClaimStoreFixture } from './claim-store.fixture.ts';

/** Every client has a connection of its own, as another process would. */
async function connections(clock: SimulatedClock): Promise<ClaimStoreFixture> {
  const room = sqliteRoom(clock);
  return {
    client: () => sqliteStores(room.connect()).claims,
    reopen: room.closeAll,
    [Symbol.asyncDispose]: room[Symbol.asyncDispose],
  };
}

/** All clients share one connection, as they do inside of a coordinator. */
async function oneConnection(clock: SimulatedClock): Promise<ClaimStoreFixture> {
  const room = sqliteRoom(clock);
  const { claims } = sqliteStores(room.connect());
  return { client: () => claims, [Symbol.asyncDispose]: room[Symbol.asyncDispose] };
}

async function stores(clock: SimulatedClock) {
  const room = sqliteRoom(clock);
  return { ...sqliteStores(room.connect()), [Symbol.asyncDispose]: room[Symbol.asyncDispose] };
}

claimStoreContract('the store in SQLite, a connection for each client,', connections);
claimStoreContract('the store in SQLite, one connection for all,', oneConnection, 64);
claimBudgetContract('the store in SQLite', connections);
budgetStoreContract('the store in SQLite', stores);
activityLogContract('the store in SQLite', stores);

claimBudgetContract('the store in memory', async (clock) => {
  const store = memoryClaimStore(clock);
  return { client: () => store, [Symbol.asyncDispose]: async () => {} };
});
