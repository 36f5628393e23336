import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoApiKeyStore } from '../../src/adapters/dynamodb/api-key-store.ts';
import { createDynamoCursorStore } from '../../src/adapters/dynamodb/cursor-store.ts';
import type { DynamoTable } from '../../src/adapters/dynamodb/dynamo-table.ts';
import { createDynamoIdempotencyStore } from '../../src/adapters/dynamodb/idempotency-store.ts';
import { createDynamoSealedTokenStore } from '../../src/adapters/dynamodb/sealed-token-store.ts';
import { createDynamoWaitingList } from '../../src/adapters/dynamodb/waiting-list.ts';
import { dynamoTestTable } from '../fakes/dynamo-test-table.ts';
import { type DynamoServerKind, dynamoDbLocal, moto } from '../fakes/dynamodb-server.ts';
import { startFaultyProxy } from '../fakes/faulty-proxy.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { apiKeyStoreContract } from './api-key-store.contract.ts';
import { cursorStoreContract } from './cursor-store.contract.ts';
import { overDynamo } from './dynamodb.fixture.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';
import { sealedTokenStoreContract } from './sealed-token-store.contract.ts';
import { waitingListContract, waitingTask } from './waiting-list.contract.ts';

function overServer(kind: DynamoServerKind): void {
  overDynamo(kind, (server) => {
    const opened = async <Store>(create: (table: DynamoTable) => Store) => {
      const table = await dynamoTestTable(server(), simulatedClock(), kind);
      const store = create(table.open());
      return {
        store,
        client: () => create(table.open()),
        [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
      };
    };
    idempotencyStoreContract('DynamoDB', () => opened(createDynamoIdempotencyStore));
    apiKeyStoreContract('DynamoDB', () => opened(createDynamoApiKeyStore));
    cursorStoreContract('DynamoDB', () => opened(createDynamoCursorStore));
    sealedTokenStoreContract('DynamoDB', () => opened(createDynamoSealedTokenStore));
    // moto takes seconds for as many transactions at once.
    if (kind !== moto) waitingListContract('a waiting list in DynamoDB', () => opened(createDynamoWaitingList));
  });
}

overServer(dynamoDbLocal);
overServer(moto);

overDynamo(dynamoDbLocal, (server) => {
  describe('what lies beside the claims in DynamoDB', () => {
    const asked = { caller: 'c#a', key: 'k', fingerprint: 'f', now: 1_000, lockedUntil: 2_000, keepUntil: 9_500 };

    it('is given to time to live when it is a delivery or a copy, and only then', async () => {
      await using table = await dynamoTestTable(server(), simulatedClock());
      const store = table.open();
      await createDynamoIdempotencyStore(store).begin(asked);
      await createDynamoSealedTokenStore(store).takeTurn(1, { turn: 't', now: 0, until: 1_000, mintedBefore: 1 });
      const key = { id: '1', name: 'ci', role: 'viewer', createdAt: 1, createdBy: 'key/admin' } as const;
      await createDynamoApiKeyStore(store).add({ key, hash: 'a'.repeat(64) });
      await createDynamoCursorStore(store).write('reconcile', 1, undefined);
      await createDynamoWaitingList(store).join(waitingTask(1));
      const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
      const lives = Items.map(({ sk, ttl }) => [sk?.S?.replace(/^0.*/, 'LINE'), ttl?.N] as const);
      expect(Object.fromEntries(lives)).toEqual({
        IDEMPOTENCY: '10',
        TOKEN: '3601',
        ...{ 'API-KEY': undefined, 'API-KEY-NAME': undefined },
        ...{ CURSOR: undefined, WAITING: undefined, LINE: undefined },
      });
    });

    it('tells two callers apart whatever their names and keys hold', async () => {
      await using table = await dynamoTestTable(server(), simulatedClock());
      const store = createDynamoIdempotencyStore(table.open());
      expect(await store.begin(asked)).toMatchObject({ kind: 'new' });
      expect(await store.begin({ ...asked, caller: 'c', key: 'a#k' })).toMatchObject({ kind: 'new' });
    });

    it('is written once when answers are lost', async () => {
      await using table = await dynamoTestTable(server(), simulatedClock());
      await using proxy = await startFaultyProxy(server());
      const store = table.open({ endpoint: proxy.endpoint });
      const keys = createDynamoApiKeyStore(store);
      const key = { id: '1', name: 'ci', role: 'viewer', createdAt: 1, createdBy: 'key/admin' } as const;
      await keys.add({ key, hash: 'a'.repeat(64) });
      proxy.plan(['answer-lost']);
      const rotation = { hash: 'b'.repeat(64), at: 3, oldSecretUntil: 7 };
      expect(await keys.rotate('1', rotation)).toMatchObject({ rotatedAt: 3 });
      expect(await keys.find('1')).toMatchObject({ hash: 'b'.repeat(64), oldHash: 'a'.repeat(64) });
      proxy.plan(['answer-lost']);
      expect(await createDynamoIdempotencyStore(store).begin(asked)).toMatchObject({ kind: 'new' });
      proxy.plan(['answer-lost']);
      expect(await createDynamoCursorStore(store).write('c', { at: 1 }, undefined)).toBe('written');
      const tokens = createDynamoSealedTokenStore(store);
      const turn = { turn: 't', now: 0, until: 1_000, mintedBefore: 1 };
      proxy.plan(['answer-lost']);
      expect(await tokens.takeTurn(1, turn)).toBe('mine');
      proxy.plan(['answer-lost']);
      expect(await tokens.put(1, 't', { sealed: new Uint8Array([1]), mintedAt: 1, expiresAt: 2 })).toBe('stored');
    });
  });
});
