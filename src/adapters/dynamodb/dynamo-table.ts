import { randomUUID } from 'node:crypto';
import type { PutItemCommandInput, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports/clock.ts';
import { type Attributes, toAttributes } from './attribute-values.ts';
import { createDynamoConnection, type DynamoConnectionOptions, type Sdk } from './dynamo-connection.ts';
import { reasonMayPass } from './dynamo-fault.ts';
import { patiently } from './dynamo-patience.ts';
import type { ItemKey } from './item-keys.ts';
import {
  entryOf,
  type IndexEntry,
  type IndexQuery,
  type PartitionQuery,
  partitionInput,
  queryInput,
  textOfKey,
} from './queries.ts';

export interface DynamoTableOptions extends DynamoConnectionOptions {
  readonly tableName: string;
  readonly clock: Clock;
  /** Ends what waits. */
  readonly signal?: AbortSignal;
}

export type WriteOutcome =
  /** `before`: the item as it was. */
  | { readonly kind: 'written'; readonly before?: Attributes }
  /** The condition did not hold. `current`: the item that it did not hold for. */
  | { readonly kind: 'refused'; readonly current?: Attributes };

export type TransactionOutcome =
  | { readonly kind: 'written' }
  /** One entry for each write of the transaction, in its order. */
  | { readonly kind: 'refused'; readonly outcomes: readonly TransactionPart[] };

export type TransactionPart = { readonly held: true } | { readonly held: false; readonly current?: Attributes };

export interface Update {
  readonly key: ItemKey;
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Attributes;
}
export type Put = Omit<PutItemCommandInput, 'TableName'>;
/** The few requests that the stores make, each one request of DynamoDB (and as many more as conflicts ask for). */
export interface DynamoTable extends Disposable {
  readonly name: string;
  /** Until somebody else's write is through; ended by the signal. */
  pause(ms: number): Promise<void>;
  /** Consistent. */
  get(key: ItemKey): Promise<Attributes | undefined>;
  /** Consistent, each item by itself; by `keyText`. */
  getMany(keys: readonly ItemKey[]): Promise<ReadonlyMap<string, Attributes>>;
  update(update: Update): Promise<WriteOutcome>;
  put(put: Put): Promise<WriteOutcome>;
  transact(writes: readonly TransactWriteItem[]): Promise<TransactionOutcome>;
  /** Keys of the items that an index names, page by page to the end; eventually consistent. */
  query(query: IndexQuery): AsyncIterable<readonly IndexEntry[]>;
  /** Whole items, page by page; consistent. */
  items(query: PartitionQuery): AsyncIterable<readonly Attributes[]>;
  /** How many there are; consistent. */
  count(query: PartitionQuery): Promise<number>;
  /** Every item of the table, in no order; for what looks through all of it: a restore, a person's data. */
  scan(): AsyncIterable<readonly Attributes[]>;
}

const batchLimit = 100;
const oldOnRefusal = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

export function openDynamoTable(options: DynamoTableOptions): DynamoTable {
  const { tableName: TableName, clock, signal } = options;
  const connection = createDynamoConnection(options);
  const patience = { clock, tableName: TableName, ...(signal && { signal }) };
  const sending = signal === undefined ? {} : { abortSignal: signal };

  const getBatch = async (keys: readonly ItemKey[], into: Map<string, Attributes>): Promise<void> => {
    const { sdk, client } = await connection.open();
    let missing = keys.map(({ pk, sk }) => toAttributes({ pk, sk }));
    await patiently(patience, async () => {
      const RequestItems = { [TableName]: { Keys: missing, ConsistentRead: true } };
      const answer = await client.send(new sdk.BatchGetItemCommand({ RequestItems }), sending);
      for (const item of answer.Responses?.[TableName] ?? []) into.set(textOfKey(item), item);
      missing = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
      return missing.length === 0 ? true : undefined;
    });
  };

  const written = (sdk: Sdk, send: () => Promise<{ Attributes?: Attributes | undefined }>): Promise<WriteOutcome> =>
    patiently(patience, async () => {
      try {
        const { Attributes: before } = await send();
        return { kind: 'written', ...(before && { before }) };
      } catch (error) {
        if (!(error instanceof sdk.ConditionalCheckFailedException)) throw error;
        return { kind: 'refused', ...(error.Item && { current: error.Item }) };
      }
    });

  return {
    name: TableName,
    pause: (ms) => clock.sleep(ms, signal),
    get: async (key) => {
      const { sdk, client } = await connection.open();
      const command = new sdk.GetItemCommand({ TableName, Key: toAttributes(key), ConsistentRead: true });
      return (await patiently(patience, () => client.send(command, sending))).Item;
    },
    getMany: async (keys) => {
      const found = new Map<string, Attributes>();
      for (let from = 0; from < keys.length; from += batchLimit) {
        await getBatch(keys.slice(from, from + batchLimit), found);
      }
      return found;
    },
    update: async ({ key, ...rest }) => {
      const { sdk, client } = await connection.open();
      const command = new sdk.UpdateItemCommand({
        TableName,
        Key: toAttributes(key),
        ReturnValues: 'ALL_OLD',
        ...oldOnRefusal,
        ...rest,
      });
      return written(sdk, () => client.send(command, sending));
    },
    put: async (put) => {
      const { sdk, client } = await connection.open();
      const command = new sdk.PutItemCommand({ TableName, ...oldOnRefusal, ...put });
      return written(sdk, () => client.send(command, sending));
    },
    transact: async (TransactItems) => {
      const { sdk, client } = await connection.open();
      return patiently(patience, async () => {
        // One token for all attempts of the SDK: what was applied and not answered is not applied again.
        const input = { TransactItems: [...TransactItems], ClientRequestToken: randomUUID() };
        try {
          await client.send(new sdk.TransactWriteItemsCommand(input), sending);
          return { kind: 'written' } as const;
        } catch (error) {
          return refusedTransaction(sdk, error);
        }
      });
    },
    query: async function* (query) {
      const { sdk, client } = await connection.open();
      let start: Attributes | undefined;
      do {
        const command = new sdk.QueryCommand({ TableName, ...queryInput(query), ExclusiveStartKey: start });
        const page = await patiently(patience, () => client.send(command, sending));
        yield (page.Items ?? []).map((item) => entryOf(item, query));
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    },
    items: async function* (query) {
      const { sdk, client } = await connection.open();
      let start: Attributes | undefined;
      do {
        const command = new sdk.QueryCommand({ TableName, ...partitionInput(query), ExclusiveStartKey: start });
        const page = await patiently(patience, () => client.send(command, sending));
        yield page.Items ?? [];
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    },
    count: async (query) => {
      const { sdk, client } = await connection.open();
      const counting = { TableName, ...partitionInput(query), Select: 'COUNT' } as const;
      let start: Attributes | undefined;
      let total = 0;
      do {
        const command = new sdk.QueryCommand({ ...counting, ExclusiveStartKey: start });
        const page = await patiently(patience, () => client.send(command, sending));
        total += page.Count ?? 0;
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      return total;
    },
    scan: async function* () {
      const { sdk, client } = await connection.open();
      let start: Attributes | undefined;
      do {
        const command = new sdk.ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: start });
        const page = await patiently(patience, () => client.send(command, sending));
        yield page.Items ?? [];
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

/** Undefined when the moment was wrong and not the items; other failures are thrown on. */
function refusedTransaction(sdk: Sdk, error: unknown): TransactionOutcome | undefined {
  if (!(error instanceof sdk.TransactionCanceledException)) throw error;
  const reasons = error.CancellationReasons ?? [];
  if (reasons.some(({ Code }) => reasonMayPass(Code))) return undefined;
  if (!reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) throw error;
  const outcomes = reasons.map(
    ({ Code, Item }): TransactionPart =>
      Code === 'ConditionalCheckFailed' ? { held: false, ...(Item && { current: Item }) } : { held: true },
  );
  return { kind: 'refused', outcomes };
}
