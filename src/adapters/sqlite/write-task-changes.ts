import type { DatabaseSync } from 'node:sqlite';
import { applyTaskChange, type TaskActivity } from '../../domain/coordination/task-changes.ts';
import { taskEvents } from '../../domain/coordination/task-events.ts';
import type { TaskRecord } from '../../domain/coordination/task-record.ts';
import { isClosed } from '../../domain/coordination/wait-edge.ts';
import type { Clock } from '../../ports/clock.ts';
import { appendActivity } from './append-activity.ts';
import { writeTask } from './task-rows.ts';
import { countForWaiters } from './wait-rows.ts';

/** The events of one task's changes, the record that they make, and what others wait for because of it. */
export function writeTaskChanges(
  { db, clock, actor }: { readonly db: DatabaseSync; readonly clock: Clock; readonly actor: string },
  changes: readonly TaskActivity[],
  before: TaskRecord | undefined,
): TaskRecord | undefined {
  let task = before;
  for (const event of taskEvents(changes, { actor, before })) appendActivity(db, clock, event);
  for (const change of changes) task = applyTaskChange(task, change);
  if (task === undefined || task === before) return task;
  writeTask(db, task, before);
  const wasClosed = isClosed(before);
  if (isClosed(task) !== wasClosed) countForWaiters(db, task.key, wasClosed ? 1 : -1);
  return task;
}
