import type { Database } from './database.ts';
import { schemaOf } from './migrate.ts';

/** Writes what is there already, to the disk: throws when nothing can be written any more. */
export async function probeDatabase(database: Database): Promise<void> {
  await database.write((db) => db.exec(`PRAGMA user_version = ${schemaOf(db)}`));
}
