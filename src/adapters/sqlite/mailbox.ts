import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import {
  bodyBytes,
  decideDelivery,
  maxMessageBytes,
  messageTooLarge,
  undelivered,
} from '../../domain/coordination/message-delivery.ts';
import { messageEvent } from '../../domain/coordination/task-events.ts';
import type { Delivered, Mailbox } from '../../ports/mailbox.ts';
import { appendActivity } from './append-activity.ts';
import type { Database } from './database.ts';
import {
  insertMessage,
  readDeadMessages,
  readHeads,
  readMessagesAbout,
  writeDelivery,
  writeReceipt,
} from './message-rows.ts';
import { statement } from './statement.ts';

/** Messages between agents. What was sent is in the stream; how often it was handed out is not. */
export function createSqliteMailbox(database: Database): Mailbox {
  const { clock } = database;
  return {
    send: async (message) => {
      const bytes = bodyBytes(message);
      if (bytes > maxMessageBytes) throw messageTooLarge(message, bytes);
      return database.write((db) => {
        if (!insertMessage(db, message)) return 'duplicate';
        appendActivity(db, clock, messageEvent(message));
        return 'sent';
      });
    },

    receive: async (to, { limit, visibilityMs }) => {
      // Most calls find nothing, and need no lock for that.
      const now = clock.now();
      const something = database.read((db) => readHeads(db, to).some(({ delivery }) => delivery.visibleAt <= now));
      if (!something) return [];
      return database.write((db) => handOut(db, to, { limit, visibilityMs, now: clock.now() }));
    },

    acknowledge: (receipt) =>
      database.write((db) => {
        // Late is better than never: also of one that was given up meanwhile.
        const done = `UPDATE messages SET state = 'acknowledged' WHERE receipt = ?`;
        return statement(db, done).run(receipt).changes === 1;
      }),

    dead: (to) =>
      database.write((db) => {
        handOut(db, to, { limit: 0, visibilityMs: 0, now: clock.now() });
        return readDeadMessages(db, to);
      }),

    redrive: (id) =>
      database.write((db) => {
        const { state, deliveries, visibleAt } = undelivered;
        const again = `UPDATE messages SET state = ?, deliveries = ?, visible_at = ?, receipt = NULL
          WHERE id = ? AND state = 'dead'`;
        return statement(db, again).run(state, deliveries, visibleAt, id).changes === 1;
      }),

    about: async (task) => database.read((db) => readMessagesAbout(db, task)),
  };
}

interface HandOut {
  readonly limit: number;
  readonly visibilityMs: number;
  readonly now: number;
}

/** At most one of each task. Where one is given up, the next one of its task is looked at instead. */
function handOut(db: DatabaseSync, reader: string, { limit, visibilityMs, now }: HandOut): readonly Delivered[] {
  const handed: Delivered[] = [];
  const seen = new Set<number>();
  let gaveUp = true;
  while (gaveUp) {
    gaveUp = false;
    for (const { position, message, delivery } of readHeads(db, reader)) {
      const decision = decideDelivery(delivery, { now, visibilityMs });
      if (decision.kind === 'wait' || seen.has(position)) continue;
      seen.add(position);
      if (decision.kind === 'deliver' && handed.length >= limit) continue;
      writeDelivery(db, position, decision.delivery);
      if (decision.kind === 'give-up') {
        gaveUp = true;
        continue;
      }
      const receipt = randomUUID();
      writeReceipt(db, position, receipt);
      handed.push({ message, receipt, deliveries: decision.delivery.deliveries });
    }
  }
  return handed;
}
