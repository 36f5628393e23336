import type { Migration } from './migration.ts';

/**
 * `queue.seq` is the order of age. `receipt` names the newest delivery; without one nobody has it. `visible_at` is when it
 * may be handed out (again). A row with `died_at` is a dead letter. What is acknowledged is deleted; `queue_sent` remembers
 * ids for as long as the same one is not taken in again.
 */
export const queueMigration: Migration = {
  version: 3,
  name: 'queue of work',
  up: (db) =>
    db.exec(`
      CREATE TABLE queue (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        task TEXT NOT NULL,
        role TEXT NOT NULL,
        body TEXT NOT NULL,
        priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 4),
        sent_at INTEGER NOT NULL,
        time_to_live_ms INTEGER,
        expires_at INTEGER,
        visible_at INTEGER NOT NULL,
        deliveries INTEGER NOT NULL DEFAULT 0,
        receipt TEXT,
        died_at INTEGER,
        reason TEXT CHECK (reason IN ('too-many-deliveries', 'expired', 'rejected')),
        detail TEXT,
        CHECK ((died_at IS NULL) = (reason IS NULL)),
        CHECK (died_at IS NULL OR receipt IS NULL)
      ) STRICT;
      CREATE INDEX queue_next ON queue (priority, seq) WHERE died_at IS NULL;
      CREATE INDEX queue_next_of_role ON queue (role, priority, seq) WHERE died_at IS NULL;
      CREATE UNIQUE INDEX queue_receipt ON queue (receipt) WHERE receipt IS NOT NULL;
      CREATE INDEX queue_out ON queue (visible_at) WHERE receipt IS NOT NULL;
      CREATE INDEX queue_expiry ON queue (expires_at) WHERE died_at IS NULL AND expires_at IS NOT NULL;
      CREATE INDEX queue_dead ON queue (died_at, seq) WHERE died_at IS NOT NULL;

      CREATE TABLE queue_sent (
        id TEXT PRIMARY KEY,
        until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX queue_sent_until ON queue_sent (until);
    `),
};
