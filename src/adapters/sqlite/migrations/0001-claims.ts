import type { Migration } from './migration.ts';

/**
 * Records lie as JSON, as the domain knows them; the columns beside them are what is searched for. `activity` is the
 * truth: every other table is what its events add up to.
 */
export const claimsMigration: Migration = {
  version: 1,
  name: 'claims, budgets, activity',
  up: (db) =>
    db.exec(`
      CREATE TABLE activity (
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        task TEXT,
        run TEXT,
        change TEXT NOT NULL
      ) STRICT;
      CREATE INDEX activity_task ON activity (task, seq) WHERE task IS NOT NULL;
      CREATE INDEX activity_run ON activity (run, seq) WHERE run IS NOT NULL;
      CREATE INDEX activity_actor ON activity (actor, seq);
      CREATE INDEX activity_at ON activity (at);

      CREATE TABLE claims (
        key TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('free', 'held')),
        kind TEXT NOT NULL CHECK (kind IN ('agent', 'human')),
        owner TEXT NOT NULL,
        run TEXT NOT NULL,
        agent TEXT,
        lease_id TEXT NOT NULL,
        fence INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        record TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX claims_expiry ON claims (expires_at) WHERE state = 'held' AND kind = 'agent';

      CREATE TABLE effects (
        key TEXT NOT NULL,
        effect TEXT NOT NULL,
        fence INTEGER NOT NULL,
        PRIMARY KEY (key, effect)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE budgets (
        key TEXT PRIMARY KEY,
        record TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE facts (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE budget_caps (
        scope TEXT PRIMARY KEY,
        caps TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
};
