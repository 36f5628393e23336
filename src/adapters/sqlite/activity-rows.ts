import type { DatabaseSync } from 'node:sqlite';
import type { ActivityChange, ActivityEvent } from '../../domain/coordination/activity.ts';
import type { ActivityFilter } from '../../ports/activity-log.ts';
import { statement } from './statement.ts';

/** Position of the newest event; 0 in an empty stream. */
export function newestSeq(db: DatabaseSync): number {
  return Number(statement(db, 'SELECT coalesce(max(seq), 0) AS seq FROM activity').get()?.['seq']);
}

/** What passes the filter, in the order of the stream. */
export function readActivity(db: DatabaseSync, filter: ActivityFilter): readonly ActivityEvent[] {
  const conditions = ['seq > :after'];
  const values: Record<string, string | number> = { after: filter.after ?? 0, limit: filter.limit };
  const where = (condition: string, name: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values[name] = value;
  };
  const { since, task, run, actor, taskPrefix } = filter;
  const manyActors = actor?.endsWith('/') === true;
  where('at >= :since', 'since', since);
  where('task = :task', 'task', task);
  where('run = :run', 'run', run);
  where(manyActors ? 'actor >= :actor AND actor < :actor || char(1114111)' : 'actor = :actor', 'actor', actor);
  where('task >= :taskPrefix AND task < :taskPrefix || char(1114111)', 'taskPrefix', taskPrefix);
  return statement(
    db,
    `SELECT seq, at, actor, task, run, change FROM activity WHERE ${conditions.join(' AND ')} ORDER BY seq LIMIT :limit`,
  )
    .all(values)
    .map(eventOf);
}

function eventOf(row: Readonly<Record<string, unknown>>): ActivityEvent {
  const { seq, at, actor, task, run, change } = row;
  return {
    seq: Number(seq),
    at: Number(at),
    actor: String(actor),
    ...(typeof task === 'string' && { task }),
    ...(typeof run === 'string' && { run }),
    change: parseChange(String(change)),
  };
}

/** Only `appendActivity` writes the column, so its JSON is a change by construction. */
function parseChange(json: string): ActivityChange {
  return JSON.parse(json) as ActivityChange;
}
