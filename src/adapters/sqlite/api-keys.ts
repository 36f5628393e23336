import type { SQLOutputValue } from 'node:sqlite';
import { type ApiKey, accessRoles } from '../../domain/access/api-key.ts';
import type { ApiKeyStore, StoredApiKey } from '../../ports/api-key-store.ts';
import type { Database } from './database.ts';
import { statement } from './statement.ts';

type Row = Record<string, SQLOutputValue>;

/** What changes with use has columns of its own; the rest of a key is written once and lies as JSON. */
export function createApiKeyStore(database: Database): ApiKeyStore {
  return {
    add: ({ key, hash }) =>
      database.write((db) => {
        const added = db
          .prepare(
            `INSERT INTO api_keys (id, name, created_at, hash, record) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING`,
          )
          .run(key.id, key.name, key.createdAt, hash, JSON.stringify(key));
        return Number(added.changes) === 1 ? 'added' : 'exists';
      }),

    find: async (id) =>
      database.read((db) => {
        const row = statement(db, 'SELECT * FROM api_keys WHERE id = ?').get(id);
        return row === undefined ? undefined : storedOf(row);
      }),

    list: async () =>
      database.read((db) => db.prepare('SELECT * FROM api_keys ORDER BY created_at, id').all().map(keyOf)),

    rotate: (id, { hash, at, oldSecretUntil }) =>
      database.write((db) => {
        const row = db
          .prepare(
            `UPDATE api_keys SET old_hash = hash, hash = ?,
               record = json_set(record, '$.rotatedAt', ?, '$.oldSecretUntil', ?)
             WHERE id = ? AND revoked_at IS NULL RETURNING *`,
          )
          .get(hash, at, oldSecretUntil, id);
        return row === undefined ? undefined : keyOf(row);
      }),

    revoke: (id, at) =>
      database.write((db) => {
        const row = db
          .prepare('UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING *')
          .get(at, id);
        return row === undefined ? undefined : keyOf(row);
      }),

    used: async (id, at) => {
      await database.write((db) => statement(db, 'UPDATE api_keys SET last_used_at = ? WHERE id = ?').run(at, id));
    },
  };
}

function storedOf(row: Row): StoredApiKey {
  const oldHash = row['old_hash'];
  return { key: keyOf(row), hash: String(row['hash']), ...(typeof oldHash === 'string' && { oldHash }) };
}

function keyOf(row: Row): ApiKey {
  const written = JSON.parse(String(row['record'])) as ApiKey;
  const lastUsedAt = row['last_used_at'];
  const revokedAt = row['revoked_at'];
  // The roles are ours; a row that says another one was written by somebody else and gives nothing.
  if (!accessRoles.includes(written.role)) throw new TypeError(`the key ${written.id} has the role ${written.role}`);
  return {
    ...written,
    ...(typeof lastUsedAt === 'number' && { lastUsedAt }),
    ...(typeof revokedAt === 'number' && { revokedAt }),
  };
}
