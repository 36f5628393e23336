import type { Migration } from './migration.ts';

/**
 * Who may call the coordinator, and what was already asked for. Of a key only hashes lie here. Of two live keys none has
 * the name of the other. `idempotency.status` is NULL while the work is under way.
 */
export const accessMigration: Migration = {
  version: 4,
  name: 'keys and idempotency',
  up: (db) =>
    db.exec(`
      CREATE TABLE api_keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER,
        revoked_at INTEGER,
        hash TEXT NOT NULL,
        old_hash TEXT,
        record TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX api_keys_live_name ON api_keys (name) WHERE revoked_at IS NULL;

      CREATE TABLE idempotency (
        caller TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        token TEXT NOT NULL UNIQUE,
        locked_until INTEGER NOT NULL,
        keep_until INTEGER NOT NULL,
        status INTEGER,
        content_type TEXT,
        body TEXT,
        PRIMARY KEY (caller, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX idempotency_keep ON idempotency (keep_until);
    `),
};
