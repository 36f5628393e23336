import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { isObject } from '../../domain/json-shape.ts';
import type { DeadLetter, QueueDepth, QueuedWork } from '../../ports/task-queue.ts';
import { statement } from './statement.ts';
import { storedJson } from './stored-json.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** What may be handed out now, the most urgent first, then the oldest. */
export interface Waiting {
  readonly seq: number;
  readonly priority: number;
}

const next = (of: string): string =>
  `SELECT seq, priority FROM queue WHERE died_at IS NULL ${of} AND visible_at <= $now ORDER BY priority, seq LIMIT $limit`;

export function readWaiting(
  db: DatabaseSync,
  { now, roles, limit }: { readonly now: number; readonly roles?: readonly string[]; readonly limit: number },
): readonly Waiting[] {
  if (roles === undefined) return statement(db, next('')).all({ $now: now, $limit: limit }).map(waitingOf);
  // One role at a time, so that each is read in its order from the index and no further than needed.
  const ofEach = [...new Set(roles)].flatMap((role) =>
    statement(db, next('AND role = $role')).all({ $now: now, $limit: limit, $role: role }).map(waitingOf),
  );
  return ofEach.sort((a, b) => a.priority - b.priority || a.seq - b.seq).slice(0, limit);
}

export function readDead(db: DatabaseSync, limit: number): readonly DeadLetter[] {
  return statement(db, 'SELECT * FROM queue WHERE died_at IS NOT NULL ORDER BY died_at, seq LIMIT ?')
    .all(limit)
    .map((row) => {
      const { detail } = row;
      return {
        work: workOf(row),
        reason: reasonOf(row['reason']),
        ...(typeof detail === 'string' && { detail }),
        deliveries: Number(row['deliveries']),
        diedAt: Number(row['died_at']),
      };
    });
}

export function readDepth(db: DatabaseSync, now: number): QueueDepth {
  const row = statement(
    db,
    `SELECT count(*) FILTER (WHERE died_at IS NULL AND visible_at <= $now) AS waiting,
            count(*) FILTER (WHERE died_at IS NULL AND visible_at > $now AND receipt IS NULL) AS delayed,
            count(*) FILTER (WHERE died_at IS NULL AND visible_at > $now AND receipt IS NOT NULL) AS in_flight,
            count(*) FILTER (WHERE died_at IS NOT NULL) AS dead,
            min(sent_at) FILTER (WHERE died_at IS NULL AND visible_at <= $now) AS oldest
     FROM queue`,
  ).get({ $now: now });
  const count = (name: string) => Number(row?.[name] ?? 0);
  const depth = {
    waiting: count('waiting'),
    delayed: count('delayed'),
    inFlight: count('in_flight'),
    dead: count('dead'),
  };
  return depth.waiting === 0 ? depth : { ...depth, oldestMs: now - count('oldest') };
}

export function workOf(row: Row): QueuedWork {
  const body = storedJson(row['body'], (json) => (isObject(json) ? json : undefined));
  return { id: String(row['id']), task: String(row['task']), role: String(row['role']), body };
}

function waitingOf(row: Row): Waiting {
  return { seq: Number(row['seq']), priority: Number(row['priority']) };
}

function reasonOf(value: SQLOutputValue | undefined): DeadLetter['reason'] {
  if (value === 'expired' || value === 'rejected') return value;
  return 'too-many-deliveries';
}
