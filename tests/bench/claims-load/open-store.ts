import { randomUUID } from 'node:crypto';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { StorePlace } from './load-plan.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly store: ClaimStore;
}

/** The store as a machine of its own opens it. `clock` is that machine's. */
export async function openStore(place: StorePlace, clock: Clock): Promise<OpenedStore> {
  const signal = new AbortController().signal;
  const newId = () => randomUUID();
  switch (place.kind) {
    case 'sqlite': {
      const { openDatabase } = await import('../../../src/adapters/sqlite/database.ts');
      const { createSqliteClaimStore } = await import('../../../src/adapters/sqlite/claim-store.ts');
      const database = openDatabase({ path: place.path, clock, patienceMs: 60_000 });
      return { store: createSqliteClaimStore(database), [Symbol.asyncDispose]: () => database.close() };
    }
    case 'git-refs': {
      const { createGitHubApi } = await import('../../../src/adapters/github/api.ts');
      const { createGitRefsClaimStore } = await import('../../../src/adapters/github/git-refs-claim-store.ts');
      const api = createGitHubApi({
        token: place.token,
        repository: { owner: place.owner, name: place.name },
        apiUrl: place.apiUrl,
        userAgent: 'claims-load',
        // The pace that GitHub asks for is not what is looked at here.
        clock: { ...clock, sleep: async () => {} },
        signal,
        log: () => {},
      });
      return { store: createGitRefsClaimStore({ api, newId }), [Symbol.asyncDispose]: async () => {} };
    }
    case 'dynamodb': {
      const { openDynamoTable } = await import('../../../src/adapters/dynamodb/dynamo-table.ts');
      const { createDynamoClaimStore } = await import('../../../src/adapters/dynamodb/claim-store.ts');
      const { requestTimeoutMs, waiting } = await import('../../fakes/dynamo-test-table.ts');
      const { endpoint, table: tableName, region, credentials } = place;
      const patient = waiting(clock);
      const table = openDynamoTable({ region, credentials, endpoint, tableName, clock: patient, requestTimeoutMs });
      return {
        store: createDynamoClaimStore(table, patient),
        [Symbol.asyncDispose]: async () => table[Symbol.dispose](),
      };
    }
    case 'http': {
      const { createCoordinatorClient } = await import('../../../src/adapters/coordinator/coordinator-client.ts');
      const { createSystemClock } = await import('../../../src/adapters/system/system-clock.ts');
      const { apiKeyToken } = await import('../../../src/adapters/coordinator/caller-token.ts');
      const client = createCoordinatorClient({
        url: place.url,
        token: apiKeyToken(place.key),
        userAgent: 'claims-load',
        // For its pauses and deadlines alone: leases go by the coordinator's.
        clock: createSystemClock(),
        newId,
        signal,
        log: () => {},
      });
      return { store: client.claims, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
    }
    default:
      return place satisfies never;
  }
}
