import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { dynamoTestTable } from '../../fakes/dynamo-test-table.ts';
import { dynamoDbLocal, moto } from '../../fakes/dynamodb-server.ts';
import type { HostResult } from './hosted-store.ts';

export async function hostDynamoDb(name: 'dynamodb' | 'dynamodb-moto'): Promise<HostResult> {
  const kind = name === 'dynamodb-moto' ? moto : dynamoDbLocal;
  const fix = kind.missing();
  if (fix !== undefined) return { missing: kind.name, fix };
  const server = await kind.start();
  const table = await dynamoTestTable(server.endpoint, createSystemClock(), kind);
  // The stand-ins keep what each key and region has apart, so the workers come with the same ones.
  const { region, credentials } = table.client.config;
  const { accessKeyId, secretAccessKey } = await credentials();
  return {
    place: {
      kind: 'dynamodb',
      endpoint: server.endpoint,
      table: table.name,
      region: await region(),
      credentials: { accessKeyId, secretAccessKey },
    },
    told: `${kind.name}, each process with a clock of its own`,
    [Symbol.asyncDispose]: async () => {
      await table[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
