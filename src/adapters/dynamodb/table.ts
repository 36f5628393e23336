import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * The one table, as data: tests create it from here, the stack declares it from here. Every item has `pk` and `sk`; what
 * lies in it is told in docs/dynamodb.md, the keys are made in `item-keys.ts`.
 *
 * All indexes are sparse and hold keys only, so a write that leaves their attributes alone costs nothing in them, and what
 * they name is read from the table itself, consistently.
 */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Claims, budgets, tasks, runs, agents and owners, each in one partition of its own, by key or by age. */
  byKey: { name: 'by-key', partitionKey: 'listed', sortKey: 'key' },
  /** Claims that are held now, by the end of their lease: what is due for a check, and what is at work. */
  heldByExpiry: { name: 'held-by-expiry', partitionKey: 'heldShard', sortKey: 'expiresAt' },
  /** Tasks that may be started, one partition for each owner, by priority, then age. In `!` lies what must be looked at. */
  readyByPriority: { name: 'ready-by-priority', partitionKey: 'ready', sortKey: 'readyOrder' },
  /** Runs that are not over, by age: who looks for stuck ones reads no others. */
  dueForCheck: { name: 'due-for-check', partitionKey: 'due', sortKey: 'order' },
  /** The runs of a task, by age. */
  byTask: { name: 'by-task', partitionKey: 'ofTask', sortKey: 'order' },
  /** The runs of an agent, by age; the lines in which messages wait for a reader. */
  byAgent: { name: 'by-agent', partitionKey: 'ofAgent', sortKey: 'order' },
  /** For deliveries and copies alone. A claim that were deleted would begin again with fence 1, so no claim carries it. */
  timeToLive: 'ttl',
  /** Items carry what changed them; who reads the stream gets every transition, in order for each item. */
  stream: 'NEW_AND_OLD_IMAGES',
} as const;

export const tableIndexes = [
  table.byKey,
  table.heldByExpiry,
  table.readyByPriority,
  table.dueForCheck,
  table.byTask,
  table.byAgent,
] as const;

const numbers: ReadonlySet<string> = new Set([table.heldByExpiry.sortKey]);
const keyAttributes = new Set([table, ...tableIndexes].flatMap((keys) => [keys.partitionKey, keys.sortKey]));

/** What `CreateTable` takes, for stores without a stack of their own. On demand: nothing is paid while nobody works. */
export function createTableInput(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...keyAttributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: numbers.has(AttributeName) ? 'N' : 'S',
    })),
    KeySchema: keySchema(table),
    GlobalSecondaryIndexes: tableIndexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream },
  };
}

function keySchema(keys: { readonly partitionKey: string; readonly sortKey: string }) {
  return [
    { AttributeName: keys.partitionKey, KeyType: 'HASH' as const },
    { AttributeName: keys.sortKey, KeyType: 'RANGE' as const },
  ];
}
