import type { ApiKey } from '../../domain/access/api-key.ts';
import { apiKeyShape } from '../../domain/coordination/record-shapes.ts';
import { text } from '../../domain/shape.ts';
import type { ApiKeyStore, StoredApiKey } from '../../ports/api-key-store.ts';
import { apiKeyKey, apiKeyNameKey } from './access-keys.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { changeItem } from './change-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { keyText, padded } from './item-keys.ts';
import { readMember } from './stored-record.ts';
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
      const outcome = await table.update(
        changeItem({
          key: apiKeyKey(id),
          copy: { oldHash: 'hash' },
          set: { hash, 'record.rotatedAt': at, 'record.oldSecretUntil': oldSecretUntil },
          // Not twice: the second attempt would make the new secret the old one.
          when: `${isLive} AND #hash <> :hash`,
          values: { hash },
        }),
      );
      if (outcome.kind === 'written') {
        return outcome.before && { ...readApiKey(outcome.before).key, rotatedAt: at, oldSecretUntil };
      }
      const current = outcome.current && readApiKey(outcome.current);
      return current?.hash === hash && current.key.revokedAt === undefined ? current.key : undefined;
    },

    revoke: async (id, at) => {
      const stored = await read(id);
      if (stored === undefined || stored.key.revokedAt !== undefined) return stored?.key;
      const { key, ...revoked } = changeItem({ key: apiKeyKey(id), set: { 'record.revokedAt': at }, when: isLive });
      const outcome = await table.transact([
        { Update: { TableName: table.name, Key: toAttributes(key), ...revoked } },
        { Delete: { TableName: table.name, Key: toAttributes(apiKeyNameKey(stored.key.name)) } },
      ]);
      return outcome.kind === 'written' ? { ...stored.key, revokedAt: at } : (await read(id))?.key;
    },

    used: async (id, at) => {
      await table.update(
        changeItem({ key: apiKeyKey(id), set: { 'record.lastUsedAt': at }, when: 'attribute_exists(pk)' }),
      );
    },
  };
}

const isLive = 'attribute_exists(pk) AND attribute_not_exists(#record.#revokedAt)';
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
  const item = fromAttributes(attributes);
  const what = 'an API key';
  // An item that says another role than ours, say, was written by somebody else and gives nothing.
  const key = readMember(item, { what, name: 'record' }, apiKeyShape);
  const hash = readMember(item, { what, name: 'hash' }, text);
  return {
    key,
    hash,
    ...(item['oldHash'] !== undefined && { oldHash: readMember(item, { what, name: 'oldHash' }, text) }),
  };
}
