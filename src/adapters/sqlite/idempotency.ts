import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { IdempotencyDecision, IdempotencyStore, IdempotentRequest } from '../../ports/idempotency-store.ts';
import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** How many answers that nobody needs any more are thrown away with each new one: more than come in. */
const sweptPerBegin = 20;

export function createIdempotencyStore(database: Database): IdempotencyStore {
  return {
    begin: (request) => database.write((db) => begin(db, request)),

    finish: async (token, { status, contentType, body }) => {
      await database.write((db) =>
        statement(
          db,
          'UPDATE idempotency SET status = ?, content_type = ?, body = ? WHERE token = ? AND status IS NULL',
        ).run(status, contentType, body, token),
      );
    },

    forget: async (token) => {
      await database.write((db) =>
        statement(db, 'DELETE FROM idempotency WHERE token = ? AND status IS NULL').run(token),
      );
    },
  };
}

/** The insert decides: it takes the key when nobody has it, when it is past keeping, or when its holder died over it. */
function begin(db: DatabaseSync, request: IdempotentRequest): IdempotencyDecision {
  const { caller, key, fingerprint, now, lockedUntil, keepUntil } = request;
  const token = randomUUID();
  const taken = statement(
    db,
    `INSERT INTO idempotency AS held (caller, key, fingerprint, token, locked_until, keep_until)
       VALUES ($caller, $key, $fingerprint, $token, $lockedUntil, $keepUntil)
       ON CONFLICT (caller, key) DO UPDATE SET
         fingerprint = excluded.fingerprint, token = excluded.token, locked_until = excluded.locked_until,
         keep_until = excluded.keep_until, status = NULL, content_type = NULL, body = NULL
       WHERE held.keep_until <= $now
          OR (held.status IS NULL AND held.locked_until <= $now AND held.fingerprint = excluded.fingerprint)
       RETURNING token`,
  ).get({
    $caller: caller,
    $key: key,
    $fingerprint: fingerprint,
    $token: token,
    $lockedUntil: lockedUntil,
    $keepUntil: keepUntil,
    $now: now,
  });
  if (taken !== undefined) {
    throwAwayOld(db, now);
    return { kind: 'new', token };
  }
  const held = statement(db, 'SELECT * FROM idempotency WHERE caller = ? AND key = ?').get(caller, key);
  if (held?.['fingerprint'] !== fingerprint) return { kind: 'other-request' };
  const status = held['status'];
  if (status === null) return { kind: 'in-progress' };
  const answer = { status: Number(status), contentType: String(held['content_type']), body: String(held['body']) };
  return { kind: 'done', answer };
}

function throwAwayOld(db: DatabaseSync, now: number): void {
  statement(
    db,
    `DELETE FROM idempotency WHERE token IN
       (SELECT token FROM idempotency WHERE keep_until <= ? ORDER BY keep_until LIMIT ${sweptPerBegin})`,
  ).run(now);
}
