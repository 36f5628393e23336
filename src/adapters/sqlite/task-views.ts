import type { DatabaseSync } from 'node:sqlite';
import type { ClaimKey } from '../../domain/claim.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import { isStartable } from '../../domain/coordination/wait-edge.ts';
import { readClaim } from './claim-rows.ts';
import { statement } from './statement.ts';
import { readTask } from './task-rows.ts';
import { blockersOf, waitersOf } from './wait-rows.ts';

/** A task with its claim and its place among the others. */
export function readTaskView(db: DatabaseSync, key: ClaimKey): TaskView | undefined {
  const task = readTask(db, key);
  if (task === undefined) return undefined;
  const claim = readClaim(db, key);
  const held = claim?.state === 'held' ? claim : undefined;
  const count = statement(db, 'SELECT open_blockers FROM tasks WHERE key = ?').get(key)?.['open_blockers'];
  const openBlockers = Number(count);
  return {
    ...task,
    ...(held && { claim: held }),
    blockedBy: blockersOf(db, key),
    blocks: waitersOf(db, key),
    openBlockers,
    ready: held === undefined && isStartable(task, openBlockers),
  };
}
