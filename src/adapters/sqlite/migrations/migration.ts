import type { DatabaseSync } from 'node:sqlite';

/** One step forward of the schema. Released migrations are never changed: a later one corrects them. */
export interface Migration {
  /** 1, 2, 3 … without holes; `PRAGMA user_version` says which ran last. */
  readonly version: number;
  readonly name: string;
  /** Runs inside the migration's own transaction. */
  up(db: DatabaseSync): void;
}
