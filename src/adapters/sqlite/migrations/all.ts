import { claimsMigration } from './0001-claims.ts';
import { tasksMigration } from './0002-tasks.ts';
import { queueMigration } from './0003-queue.ts';
import { accessMigration } from './0004-access.ts';
import type { Migration } from './migration.ts';

/** In their order; the last one's version is the schema that this program writes. */
export const migrations: readonly Migration[] = [claimsMigration, tasksMigration, queueMigration, accessMigration];
