import { resolve } from 'node:path';
import { type BackupReport, backUpState } from '../adapters/sqlite/backup.ts';
import { type MigrationReport, migrateState } from '../adapters/sqlite/migrate-state.ts';
import { type RestoreReport, restoreState } from '../adapters/sqlite/restore.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { type ChoiceContext, defaultStateFile } from './store-choice.ts';

/** What is done to the local store as a file. A coordinator's is looked after on the machine where it runs. */
export interface StateFile {
  readonly path: string;
  backUp(file: string): Promise<BackupReport>;
  restore(file: string): Promise<RestoreReport>;
  migrate(): Promise<MigrationReport>;
}

/** The file that was named, else ENTROPY_STATE_FILE, else the default one. */
export function stateFile(named: string | undefined, { environment, cwd }: ChoiceContext): StateFile {
  const chosen = named ?? environment.coordination.stateFile ?? defaultStateFile(environment.stateDir);
  const path = resolve(cwd, chosen);
  const clock = createSystemClock();
  return {
    path,
    backUp: (file) => backUpState(path, resolve(cwd, file)),
    restore: (file) => restoreState({ state: path, backup: resolve(cwd, file), clock }),
    migrate: () => migrateState(path, clock),
  };
}
