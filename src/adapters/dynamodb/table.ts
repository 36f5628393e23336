import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * The one table, as data: tests create it from here, the stack declares it from here. Every item has `pk` and `sk`:
 *
 * | item     | pk              | sk                |
 * | ---      | ---             | ---               |
 * | claim    | `CLAIM#<key>`   | `CLAIM`           |
 * | effect   | `CLAIM#<key>`   | `EFFECT#<effect>` |
 * | budget   | `BUDGET#<key>`  | `BUDGET`          |
 * | caps     | `CAPS#<scope>`  | `CAPS`            |
 *
 * Both indexes are sparse and hold keys only, so a write that leaves their attributes alone costs nothing in them, and what
 * they name is read from the table itself, consistently.
 */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Every claim and every budget there ever was, by its key: written once in an item's life. */
  byKey: { name: 'by-key', partitionKey: 'listed', sortKey: 'key' },
  /** Claims that are held now, by the end of their lease: what is due for a check, and what is at work. */
  heldByExpiry: { name: 'held-by-expiry', partitionKey: 'heldShard', sortKey: 'expiresAt' },
  /** For deliveries and copies alone. A claim that were deleted would begin again with fence 1, so no claim carries it. */
  timeToLive: 'ttl',
  /** Claims carry what changed them; who reads the stream gets every transition, in order for each claim. */
  stream: 'NEW_AND_OLD_IMAGES',
} as const;

const attributeTypes = { pk: 'S', sk: 'S', listed: 'S', key: 'S', heldShard: 'S', expiresAt: 'N' } as const;

/** What `CreateTable` takes, for stores without a stack of their own. On demand: nothing is paid while nobody works. */
export function createTableInput(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: Object.entries(attributeTypes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: keySchema(table),
    GlobalSecondaryIndexes: [table.byKey, table.heldByExpiry].map((index) => ({
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
