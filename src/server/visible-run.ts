import { type Caller, mayTouchKey } from '../domain/access/caller.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import type { RunStore } from '../ports/run-store.ts';

/** A run of another repository is, for a caller who is limited, not there at all: ids are no secret. */
export async function visibleRun(
  runs: Pick<RunStore, 'read'>,
  id: string,
  caller: Caller,
): Promise<RunRecord | undefined> {
  const run = await runs.read(id);
  return run !== undefined && mayTouchKey(caller, run.task) ? run : undefined;
}
