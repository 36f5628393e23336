import { afterAll, beforeAll, describe } from 'vitest';
import { createDynamoClaimStore } from '../../src/adapters/dynamodb/claim-store.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import type { DynamoServer, DynamoServerKind } from '../fakes/dynamodb-server.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';

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

export async function dynamoClaims(endpoint: string, clock: SimulatedClock) {
  const table = await dynamoTestTable(endpoint, clock);
  return {
    table,
    client: (): ClaimStore => createDynamoClaimStore(table.open(), waiting(clock)),
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  };
}
