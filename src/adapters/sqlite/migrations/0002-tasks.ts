import type { Migration } from './migration.ts';

/**
 * The tables of tasks, dependencies, runs and messages. Times are milliseconds since 1970. Keys of tasks are lower case.
 *
 * `tasks.ready` is 1 for what may be worked on: open on GitHub, in state `open` or `ready`, nothing open that it waits for,
 * and its claim not held. Whoever writes claims need not know of tasks: triggers keep `tasks.held` true to them, so that
 * what is ready is one range of an index, to be read and to be counted.
 * `waits` is what `blocks` and `parent` edges say together: `waiter` cannot start before `blocker` is closed; `edges` counts
 * how many of `dependencies` say so. `wait_levels` orders the graph: whoever waits lies higher than what it waits for.
 */
export const tasksMigration: Migration = {
  version: 2,
  name: 'tasks, dependencies, runs, messages',
  up: (db) =>
    db.exec(`
      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        repository TEXT NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        author TEXT NOT NULL,
        forge_state TEXT NOT NULL,
        milestone TEXT,
        comments INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        closed_at INTEGER,
        state TEXT NOT NULL,
        reason TEXT,
        priority INTEGER NOT NULL,
        stage TEXT,
        progress REAL NOT NULL,
        run_id TEXT,
        fence INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        last_failure TEXT,
        branch TEXT,
        pull_request INTEGER,
        cost_micro_usd INTEGER NOT NULL,
        version INTEGER NOT NULL,
        open_blockers INTEGER NOT NULL,
        held INTEGER NOT NULL DEFAULT 0,
        agent TEXT,
        agent_id TEXT GENERATED ALWAYS AS (agent ->> '$.id') VIRTUAL,
        agent_role TEXT GENERATED ALWAYS AS (agent ->> '$.role') VIRTUAL,
        ready INTEGER GENERATED ALWAYS AS (
          held = 0 AND open_blockers = 0 AND forge_state = 'open' AND state IN ('open', 'ready')
        ) STORED,
        checkpoints TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX tasks_ready ON tasks (ready, priority, created_at, key);
      CREATE INDEX tasks_order ON tasks (priority, created_at, key);
      CREATE INDEX tasks_state ON tasks (state, priority, created_at, key);
      CREATE INDEX tasks_repository ON tasks (repository COLLATE NOCASE, number);

      CREATE TRIGGER tasks_held AFTER INSERT ON tasks BEGIN
        UPDATE tasks SET held = 1
        WHERE id = new.id AND EXISTS (SELECT 1 FROM claims WHERE key = new.key AND state = 'held');
      END;
      CREATE TRIGGER claims_inserted AFTER INSERT ON claims BEGIN
        UPDATE tasks SET held = (new.state = 'held') WHERE key = new.key AND held <> (new.state = 'held');
      END;
      CREATE TRIGGER claims_updated AFTER UPDATE ON claims BEGIN
        UPDATE tasks SET held = (new.state = 'held') WHERE key = new.key AND held <> (new.state = 'held');
      END;

      CREATE TABLE task_labels (
        task TEXT NOT NULL,
        position INTEGER NOT NULL,
        label TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (task, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX task_labels_label ON task_labels (label, task);

      CREATE TABLE task_assignees (
        task TEXT NOT NULL,
        position INTEGER NOT NULL,
        login TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (task, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX task_assignees_login ON task_assignees (login, task);

      CREATE TABLE dependencies (
        from_key TEXT NOT NULL,
        to_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (from_key, to_key, kind, source)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX dependencies_to ON dependencies (to_key, from_key, kind, source);

      CREATE TABLE waits (
        waiter TEXT NOT NULL,
        blocker TEXT NOT NULL,
        edges INTEGER NOT NULL,
        PRIMARY KEY (waiter, blocker)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX waits_blocker ON waits (blocker, waiter);

      CREATE TABLE wait_levels (
        key TEXT PRIMARY KEY,
        level INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        task TEXT NOT NULL,
        agent_id TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL,
        cost_micro_usd INTEGER NOT NULL,
        record TEXT NOT NULL
      ) STRICT;
      CREATE INDEX runs_task ON runs (task, started_at, id);
      CREATE INDEX runs_started ON runs (started_at, id);
      CREATE INDEX runs_agent ON runs (agent_id, started_at, id);
      CREATE INDEX runs_seen ON runs (agent_id, seen_at, state, cost_micro_usd);

      CREATE TABLE messages (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        task TEXT NOT NULL,
        reader TEXT NOT NULL,
        message TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'acknowledged', 'dead')),
        deliveries INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        receipt TEXT UNIQUE
      ) STRICT;
      CREATE INDEX messages_reader ON messages (reader, task, position) WHERE state = 'waiting';
      CREATE INDEX messages_dead ON messages (reader, position) WHERE state = 'dead';
      CREATE INDEX messages_task ON messages (task, position);
    `),
};
