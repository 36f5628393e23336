import type { DatabaseSync } from 'node:sqlite';
import type { ActivityEvent } from '../../domain/coordination/activity.ts';
import type { Clock } from '../../ports/clock.ts';
import { statement } from './statement.ts';

/**
 * Writes the event of a change; belongs inside of the `write` that changes the record too. The position is the next one
 * of this very transaction, so what is rolled back leaves no hole.
 */
export function appendActivity(
  db: DatabaseSync,
  clock: Clock,
  { actor, task, run, change }: Omit<ActivityEvent, 'seq' | 'at'>,
): ActivityEvent {
  const at = clock.now();
  const row = statement(
    db,
    `INSERT INTO activity (seq, at, actor, task, run, change)
     VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM activity), ?, ?, ?, ?, ?) RETURNING seq`,
  ).get(at, actor, task ?? null, run ?? null, JSON.stringify(change));
  return { seq: Number(row?.['seq']), at, actor, ...(task && { task }), ...(run && { run }), change };
}
