import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../ports/clock.ts';
import { backUpState, noState } from './backup.ts';
import { openDatabase } from './database.ts';
import { newestSchema, refuseNewer, type SchemaMove, schemaOf } from './migrate.ts';
import { sqliteFault } from './sqlite-fault.ts';
import { fileTime, refuseForeign } from './state-file.ts';

export interface MigrationReport extends SchemaMove {
  readonly state: string;
  /** The state as it was before; absent when there was nothing to do. */
  readonly kept?: string;
}

/** Brings a state forward now, and keeps it as it was. Opening a state does the same without keeping anything. */
export async function migrateState(state: string, clock: Clock): Promise<MigrationReport> {
  if (!existsSync(state)) throw noState(state);
  const from = schemaIn(state);
  if (from === newestSchema()) return { state, from, to: from };
  const kept = `${state}.before-migrate-${fileTime(clock.now())}`;
  await backUpState(state, kept);
  await openDatabase({ path: state, clock }).close();
  return { state, from, to: newestSchema(), kept };
}

function schemaIn(state: string): number {
  try {
    using db = new DatabaseSync(state, { readOnly: true, timeout: 5_000 });
    refuseForeign(db, state);
    refuseNewer(db, state);
    return schemaOf(db);
  } catch (error) {
    throw sqliteFault(error, state);
  }
}
