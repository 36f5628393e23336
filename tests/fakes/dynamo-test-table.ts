import { setTimeout as delay } from 'node:timers/promises';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type DynamoTable,
  type DynamoTableOptions,
  openDynamoTable,
} from '../../src/adapters/dynamodb/dynamo-table.ts';
import { createTableInput } from '../../src/adapters/dynamodb/table.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DynamoServerKind } from './dynamodb-server.ts';

/** Any will do: the stand-ins look at no signature, and keep the data of each key apart. */
const place = { region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } as const;
/** A stand-in on a busy machine may keep a request waiting for long; given up, it would be carried out all the same. */
export const requestTimeoutMs = 20_000;

export interface DynamoTestTable extends AsyncDisposable {
  readonly name: string;
  /** What speaks to the server as the tests do, past the stores. */
  readonly client: DynamoDBClient;
  /** As another machine would: with connections of its own. `endpoint`: through a proxy. */
  open(more?: Partial<Pick<DynamoTableOptions, 'endpoint' | 'onRequest' | 'clock' | 'tableName'>>): DynamoTable;
}

let tables = 0;

/** A table of its own, made as the stack makes it. */
export async function dynamoTestTable(
  endpoint: string,
  clock: Clock,
  { stream }: Pick<DynamoServerKind, 'stream'> = { stream: true },
): Promise<DynamoTestTable> {
  tables += 1;
  const name = `entropy-${process.pid}-${tables}`;
  const client = new DynamoDBClient({ ...place, endpoint });
  const { StreamSpecification, ...table } = createTableInput(name);
  await client.send(new CreateTableCommand({ ...table, ...(stream && { StreamSpecification }) }));
  const opened: DynamoTable[] = [];
  return {
    name,
    client,
    open: (more = {}) => {
      const given = { endpoint, tableName: name, clock: waiting(clock), requestTimeoutMs };
      const table = openDynamoTable({ ...place, ...given, ...more });
      opened.push(table);
      return table;
    },
    [Symbol.asyncDispose]: async () => {
      for (const table of opened) table[Symbol.dispose]();
      await client.send(new DeleteTableCommand({ TableName: name }));
      client.destroy();
    },
  };
}

/** Leases are counted by the clock of the test; pauses between attempts pass in truth, since the server does not simulate. */
export function waiting(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    },
  };
}
