import { afterAll, beforeAll, describe } from 'vitest';
import { createDynamoBudgetStore } from '../../src/adapters/dynamodb/budget-store.ts';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import { dynamoCoordination } from '../../src/adapters/dynamodb/dynamo-coordination.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { archivedLog } from '../fakes/dynamo-archiver.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import type { DynamoServer, DynamoServerKind } from '../fakes/dynamodb-server.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { budgetStoreContract } from './budget-store.contract.ts';
import { claimBudgetContract } from './claim-budget.contract.ts';
import { claimStoreContract } from './claim-store.contract.ts';
import type { OpenCoordination } from './coordination.fixture.ts';

/** Runs the tests over a server that is started once; without it they are skipped and say why, and in CI they fail. */
export function overDynamo(kind: DynamoServerKind, tests: (endpoint: () => string) => void): void {
  const missing = kind.missing();
  if (missing !== undefined && process.env['CI'] === undefined) {
    describe.skip(`${kind.name} is not installed. ${missing}`, () => tests(() => ''));
    return;
  }
  describe(`over ${kind.name}`, () => {
    let server: DynamoServer | undefined;
    beforeAll(async () => {
      server = await kind.start();
    }, 90_000);
    afterAll(() => server?.[Symbol.asyncDispose]());
    tests(() => {
      if (server === undefined) throw new Error(`${kind.name} was not started`);
      return server.endpoint;
    });
  });
}

async function dynamoClaims(kind: DynamoServerKind, endpoint: string, clock: SimulatedClock) {
  const table = await dynamoTestTable(endpoint, clock, kind);
  return {
    /** Each with connections of its own, as another machine has. */
    client: (): ClaimStore => createDynamoClaimStore(table.open(), waiting(clock)),
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  };
}

async function dynamoStores(kind: DynamoServerKind, endpoint: string, clock: SimulatedClock) {
  const table = await dynamoTestTable(endpoint, clock, kind);
  const opened = table.open();
  return {
    claims: createDynamoClaimStore(opened, waiting(clock)),
    budgets: createDynamoBudgetStore(opened, waiting(clock)),
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  };
}

/** Everything that a coordinator keeps; each client has connections of its own, and the archiver has just done its work. */
export function openDynamo(kind: DynamoServerKind, endpoint: () => string): OpenCoordination {
  return async (clock) => {
    const table = await dynamoTestTable(endpoint(), clock, kind);
    const activity = archivedLog(endpoint(), table, clock);
    return {
      client: () => dynamoCoordination(table.open(), { clock: waiting(clock), activity }),
      [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
    };
  };
}

/** The same promises as every other store's. */
export function dynamoContract(kind: DynamoServerKind): void {
  overDynamo(kind, (endpoint) => {
    const name = 'the store in DynamoDB';
    claimStoreContract(name, (clock) => dynamoClaims(kind, endpoint(), clock));
    claimBudgetContract(name, (clock) => dynamoClaims(kind, endpoint(), clock));
    budgetStoreContract(name, (clock) => dynamoStores(kind, endpoint(), clock));
  });
}
