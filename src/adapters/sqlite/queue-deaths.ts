import type { DatabaseSync } from 'node:sqlite';
import { statement } from './statement.ts';

export interface Moment {
  readonly now: number;
  readonly maxDeliveries: number;
}

/** Handed out for the last time, and that delivery is over. */
const wornOut = 'receipt IS NOT NULL AND visible_at <= $now AND deliveries >= $maxDeliveries';
/** Past its time, and nobody is at work on it. */
const expired = `died_at IS NULL AND expires_at <= $now AND (receipt IS NULL OR visible_at <= $now)`;

/** Whether anything has died by now that is not yet among the dead letters. */
export function anyDied(db: DatabaseSync, { now, maxDeliveries }: Moment): boolean {
  const worn = statement(db, `SELECT 1 FROM queue WHERE ${wornOut} LIMIT 1`).get({
    $now: now,
    $maxDeliveries: maxDeliveries,
  });
  return (
    worn !== undefined || statement(db, `SELECT 1 FROM queue WHERE ${expired} LIMIT 1`).get({ $now: now }) !== undefined
  );
}

/**
 * Moves what has died to the dead letters, dated when it died and not when somebody noticed. Every change of the queue
 * does this first, so that an answer never depends on whether somebody else had looked before.
 */
export function buryDead(db: DatabaseSync, { now, maxDeliveries }: Moment): void {
  statement(
    db,
    `UPDATE queue SET died_at = visible_at, reason = 'too-many-deliveries', receipt = NULL WHERE ${wornOut}`,
  ).run({ $now: now, $maxDeliveries: maxDeliveries });
  statement(
    db,
    `UPDATE queue SET died_at = iif(receipt IS NULL, expires_at, max(expires_at, visible_at)), reason = 'expired', receipt = NULL
     WHERE ${expired}`,
  ).run({ $now: now });
}
