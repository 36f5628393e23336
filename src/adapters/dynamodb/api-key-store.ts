import { type ApiKey, accessRoles } from '../../domain/access/api-key.ts';
import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { ApiKeyStore, StoredApiKey } from '../../ports/api-key-store.ts';
import { apiKeyKey, apiKeyNameKey } from './access-keys.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { keyText, padded } from './item-keys.ts';
import { table as names } from './table.ts';

/** In the index of lists, in the order in which they were made. */
export const listedApiKeys = 'API-KEY';

/** Keys of people and programs: hashes only. A second item for each name keeps two keys from having it. */
export function createDynamoApiKeyStore(table: DynamoTable): ApiKeyStore {
  const read = async (id: string): Promise<StoredApiKey | undefined> => {
    const item = await table.get(apiKeyKey(id));
    return item && readApiKey(item);
  };

  return {
    add: async ({ key, hash }) => {
      const outcome = await table.transact([
        { Put: { TableName: table.name, Item: toAttributes(apiKeyItem({ key, hash })), ...absent } },
        { Put: { TableName: table.name, Item: toAttributes({ ...apiKeyNameKey(key.name), id: key.id }), ...absent } },
      ]);
      return outcome.kind === 'written' ? 'added' : 'exists';
    },

    find: read,

    list: async () => {
      const keys: ApiKey[] = [];
      for await (const page of table.query({ index: names.byKey, partition: listedApiKeys })) {
        const found = await table.getMany(page);
        for (const itemKey of page) {
          const item = found.get(keyText(itemKey));
          if (item !== undefined) keys.push(readApiKey(item).key);
        }
      }
      return keys;
    },

    rotate: async (id, { hash, at, oldSecretUntil }) => {
      const outcome = await table.update({
        key: apiKeyKey(id),
        UpdateExpression:
          'SET oldHash = #hash, #hash = :hash, #record.rotatedAt = :at, #record.oldSecretUntil = :until',
        // Not twice: the second attempt would make the new secret the old one.
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#record.revokedAt) AND #hash <> :hash',
        ExpressionAttributeNames: { '#record': 'record', '#hash': 'hash' },
        ExpressionAttributeValues: toAttributes({ ':hash': hash, ':at': at, ':until': oldSecretUntil }),
      });
      if (outcome.kind === 'written') {
        return outcome.before && { ...readApiKey(outcome.before).key, rotatedAt: at, oldSecretUntil };
      }
      const current = outcome.current && readApiKey(outcome.current);
      return current?.hash === hash && current.key.revokedAt === undefined ? current.key : undefined;
    },

    revoke: async (id, at) => {
      const stored = await read(id);
      if (stored === undefined || stored.key.revokedAt !== undefined) return stored?.key;
      const outcome = await table.transact([
        {
          Update: {
            TableName: table.name,
            Key: toAttributes(apiKeyKey(id)),
            UpdateExpression: 'SET #record.revokedAt = :at',
            ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#record.revokedAt)',
            ExpressionAttributeNames: { '#record': 'record' },
            ExpressionAttributeValues: toAttributes({ ':at': at }),
          },
        },
        { Delete: { TableName: table.name, Key: toAttributes(apiKeyNameKey(stored.key.name)) } },
      ]);
      return outcome.kind === 'written' ? { ...stored.key, revokedAt: at } : (await read(id))?.key;
    },

    used: async (id, at) => {
      await table.update({
        key: apiKeyKey(id),
        UpdateExpression: 'SET #record.lastUsedAt = :at',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: toAttributes({ ':at': at }),
      });
    },
  };
}

const absent = { ConditionExpression: 'attribute_not_exists(pk)' };

export function apiKeyItem({ key, hash, oldHash }: StoredApiKey): object {
  return {
    ...apiKeyKey(key.id),
    listed: listedApiKeys,
    key: `${padded(key.createdAt)}#${key.id}`,
    record: key,
    hash,
    oldHash,
  };
}

export function readApiKey(attributes: Attributes): StoredApiKey {
  const { pk, record, hash, oldHash } = fromAttributes(attributes);
  const role = isObject(record) ? accessRoles.find((known) => known === record['role']) : undefined;
  // The roles are ours; an item that says another one was written by somebody else and gives nothing.
  if (!isObject(record) || role === undefined || typeof hash !== 'string') {
    throw new EntropyError({
      code: 'E710',
      message: `the item ${String(pk)} is no API key that this version can read`,
      fix: 'update this program if a newer one wrote it; else look who else writes into the table',
    });
  }
  // Only `apiKeyItem` writes the record.
  const key = { ...record, role } as unknown as ApiKey;
  return { key, hash, ...(typeof oldHash === 'string' && { oldHash }) };
}
