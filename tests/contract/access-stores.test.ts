import path from 'node:path';
import { createApiKeyStore } from '../../src/adapters/sqlite/api-keys.ts';
import { type Database, openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createIdempotencyStore } from '../../src/adapters/sqlite/idempotency.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { apiKeyStoreContract } from './api-key-store.contract.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

async function opened<Store>(create: (database: Database) => Store): Promise<{ store: Store } & AsyncDisposable> {
  const folder = tempFolder({});
  const database = openDatabase({ path: path.join(folder.root, 'state.sqlite'), clock: simulatedClock() });
  return {
    store: create(database),
    [Symbol.asyncDispose]: async () => {
      await database.close();
      folder[Symbol.dispose]();
    },
  };
}

idempotencyStoreContract('SQLite', () => opened(createIdempotencyStore));
apiKeyStoreContract('SQLite', () => opened(createApiKeyStore));
