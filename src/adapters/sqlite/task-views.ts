import type { DatabaseSync } from 'node:sqlite';
import type { ClaimKey } from '../../domain/claim.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import { isStartable } from '../../domain/coordination/wait-edge.ts';
import { readClaim } from './claim-rows.ts';
import { readStoredTask } from './task-rows.ts';
import { blockersOf, waitersOf } from './wait-rows.ts';

/** A task with its claim and its place among the others. */
export function readTaskView(db: DatabaseSync, key: ClaimKey): TaskView | undefined {
  const stored = readStoredTask(db, key);
  if (stored === undefined) return undefined;
  const { task, openBlockers, held } = stored;
  const claim = held ? readClaim(db, key) : undefined;
  return {
    ...task,
    ...(claim && { claim }),
    blockedBy: blockersOf(db, key),
    blocks: waitersOf(db, key),
    openBlockers,
    ready: !held && isStartable(task, openBlockers),
  };
}
