import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { assertSendable, queueRules } from '../../domain/coordination/queue-rules.ts';
import type { QueuedWork, ReceivedWork, SendOptions, TaskQueue } from '../../ports/task-queue.ts';
import type { Database } from './database.ts';
import { anyDied, buryDead, type Moment } from './queue-deaths.ts';
import { readDead, readDepth, readWaiting, workOf } from './queue-rows.ts';
import { statement } from './statement.ts';

export interface TaskQueueOptions {
  readonly maxDeliveries?: number;
  readonly deduplicationMs?: number;
}

/** How many remembered ids are forgotten with each send: more than come in. */
const forgottenPerSend = 20;

/** Work waiting for a worker, in the same file as the claims. Several processes may share it. */
export function createSqliteTaskQueue(database: Database, options: TaskQueueOptions = {}): TaskQueue {
  const { maxDeliveries = queueRules.maxDeliveries, deduplicationMs = queueRules.deduplicationMs } = options;
  const moment = (): Moment => ({ now: database.clock.now(), maxDeliveries });

  /** A change of the queue as it is at this moment, with what has died by then out of the way. */
  const change = <T>(work: (db: DatabaseSync, at: Moment) => T): Promise<T> =>
    database.write((db) => {
      const at = moment();
      buryDead(db, at);
      return work(db, at);
    });

  /** Looking needs no lock, unless something has died meanwhile. */
  const look = async <T>(work: (db: DatabaseSync, now: number) => T): Promise<T> => {
    const at = moment();
    if (database.read((db) => anyDied(db, at))) return change((db, { now }) => work(db, now));
    return database.read((db) => work(db, at.now));
  };

  /** Changes the one row that this receipt is the current one of; false when there is none. */
  const ofReceipt = (sql: string, receipt: string, values: (now: number) => Record<string, string | number | null>) =>
    change((db, { now }) => statement(db, sql).run({ ...values(now), $receipt: receipt }).changes === 1);

  return {
    send: async (work, sendOptions = {}) => {
      assertSendable(work, sendOptions);
      return change((db, { now }) => send(db, { work, options: sendOptions, now, until: now + deduplicationMs }));
    },

    receive: async ({ roles, limit, visibilityMs }) => {
      const wanted = { limit, ...(roles && { roles }) };
      const { now } = moment();
      if (database.read((db) => readWaiting(db, { ...wanted, limit: 1, now })).length === 0) return [];
      return change((db, at) =>
        readWaiting(db, { ...wanted, now: at.now }).map(({ seq }) => handOut(db, seq, at.now + visibilityMs)),
      );
    },

    extend: (receipt, visibilityMs) =>
      ofReceipt('UPDATE queue SET visible_at = $until WHERE receipt = $receipt', receipt, (now) => ({
        $until: now + visibilityMs,
      })),

    acknowledge: (receipt) => ofReceipt('DELETE FROM queue WHERE receipt = $receipt', receipt, () => ({})),

    release: (receipt, how) => {
      if (how.kind === 'reject') {
        const sql = `UPDATE queue SET died_at = $now, reason = 'rejected', detail = $detail, receipt = NULL WHERE receipt = $receipt`;
        return ofReceipt(sql, receipt, (now) => ({ $now: now, $detail: how.detail }));
      }
      return change((db, at) => putBack(db, { ...at, receipt, visibleAt: at.now + (how.delayMs ?? 0) }));
    },

    deadLetters: ({ limit }) => look((db) => readDead(db, limit)),

    redrive: (ids) =>
      change((db, { now }) => {
        const named = ids === undefined ? '' : 'AND id IN (SELECT value FROM json_each($ids))';
        const anew = statement(
          db,
          `UPDATE queue SET died_at = NULL, reason = NULL, detail = NULL, deliveries = 0, visible_at = $now,
                  expires_at = $now + time_to_live_ms
           WHERE died_at IS NOT NULL ${named}`,
        ).run({ $now: now, ...(ids && { $ids: JSON.stringify(ids) }) });
        return Number(anew.changes);
      }),

    depth: () => look(readDepth),
  };
}

function send(
  db: DatabaseSync,
  of: { readonly work: QueuedWork; readonly options: SendOptions; readonly now: number; readonly until: number },
): 'sent' | 'duplicate' {
  const { work, now, until } = of;
  const { priority = queueRules.priorities.usual, delayMs = 0, timeToLiveMs } = of.options;
  statement(
    db,
    `DELETE FROM queue_sent WHERE id IN
       (SELECT id FROM queue_sent WHERE until <= ? ORDER BY until LIMIT ${forgottenPerSend})`,
  ).run(now);
  const taken = statement(
    db,
    `INSERT INTO queue_sent AS known (id, until) VALUES ($id, $until)
     ON CONFLICT (id) DO UPDATE SET until = excluded.until WHERE known.until <= $now`,
  ).run({ $id: work.id, $until: until, $now: now });
  if (taken.changes === 0) return 'duplicate';
  statement(
    db,
    `INSERT INTO queue (id, task, role, body, priority, sent_at, time_to_live_ms, expires_at, visible_at)
     VALUES ($id, $task, $role, $body, $priority, $now, $timeToLive, $now + $timeToLive, $visibleAt)`,
  ).run({
    $id: work.id,
    $task: work.task,
    $role: work.role,
    $body: JSON.stringify(work.body),
    $priority: priority,
    $now: now,
    $timeToLive: timeToLiveMs ?? null,
    $visibleAt: now + delayMs,
  });
  return 'sent';
}

function handOut(db: DatabaseSync, seq: number, visibleAgainAt: number): ReceivedWork {
  const receipt = randomUUID();
  const row = statement(
    db,
    'UPDATE queue SET receipt = ?, visible_at = ?, deliveries = deliveries + 1 WHERE seq = ? RETURNING *',
  ).get(receipt, visibleAgainAt, seq);
  if (row === undefined) throw new Error(`the queue lost row ${seq} inside of a transaction`);
  const deliveries = Number(row['deliveries']);
  return { work: workOf(row), receipt, deliveries, sentAt: Number(row['sent_at']), visibleAgainAt };
}

/** Back into the queue; after its last delivery, or past its time, there is nothing to come back for. */
function putBack(
  db: DatabaseSync,
  { receipt, visibleAt, now, maxDeliveries }: Moment & { readonly receipt: string; readonly visibleAt: number },
): boolean {
  const back = statement(
    db,
    `UPDATE queue SET
       receipt = NULL,
       visible_at = $visibleAt,
       died_at = iif(deliveries >= $maxDeliveries OR expires_at <= $now, $now, NULL),
       reason = iif(deliveries >= $maxDeliveries, 'too-many-deliveries', iif(expires_at <= $now, 'expired', NULL))
     WHERE receipt = $receipt`,
  ).run({ $visibleAt: visibleAt, $maxDeliveries: maxDeliveries, $now: now, $receipt: receipt });
  return back.changes === 1;
}
