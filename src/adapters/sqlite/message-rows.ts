import type { DatabaseSync } from 'node:sqlite';
import type { ClaimKey } from '../../domain/claim.ts';
import type { AgentMessage } from '../../domain/coordination/message.ts';
import { type Delivery, undelivered } from '../../domain/coordination/message-delivery.ts';
import type { Row } from './row.ts';
import { statement } from './statement.ts';

export interface PostedMessage {
  readonly position: number;
  readonly message: AgentMessage;
  readonly delivery: Delivery;
}

/** False when the id is known. */
export function insertMessage(db: DatabaseSync, message: AgentMessage): boolean {
  const { state, deliveries, visibleAt } = undelivered;
  const added = statement(
    db,
    `INSERT INTO messages (id, task, reader, message, state, deliveries, visible_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  ).run(message.id, message.task, message.to, JSON.stringify(message), state, deliveries, visibleAt);
  return added.changes === 1;
}

/** The oldest of each task that this reader has not acknowledged, the oldest of all first. */
export function readHeads(db: DatabaseSync, reader: string): readonly PostedMessage[] {
  const rows = statement(
    db,
    `SELECT position, message, state, deliveries, visible_at FROM messages WHERE position IN (
       SELECT min(position) FROM messages WHERE reader = ? AND state = 'waiting' GROUP BY task
     ) ORDER BY position`,
  ).all(reader);
  return rows.map((row) => ({
    position: row['position'] as number,
    message: messageOf(row),
    delivery: {
      state: row['state'] as Delivery['state'],
      deliveries: row['deliveries'] as number,
      visibleAt: row['visible_at'] as number,
    },
  }));
}

export function writeDelivery(db: DatabaseSync, position: number, { state, deliveries, visibleAt }: Delivery): void {
  const update = 'UPDATE messages SET state = ?, deliveries = ?, visible_at = ? WHERE position = ?';
  statement(db, update).run(state, deliveries, visibleAt, position);
}

export function writeReceipt(db: DatabaseSync, position: number, receipt: string): void {
  statement(db, 'UPDATE messages SET receipt = ? WHERE position = ?').run(receipt, position);
}

export function readDeadMessages(db: DatabaseSync, reader: string): readonly AgentMessage[] {
  const dead = `SELECT message FROM messages WHERE reader = ? AND state = 'dead' ORDER BY position`;
  return statement(db, dead).all(reader).map(messageOf);
}

export function readMessagesAbout(db: DatabaseSync, task: ClaimKey): readonly AgentMessage[] {
  return statement(db, 'SELECT message FROM messages WHERE task = ? ORDER BY position').all(task).map(messageOf);
}

/** Only `insertMessage` writes the column, so its JSON is a message by construction. */
function messageOf(row: Row): AgentMessage {
  return JSON.parse(row['message'] as string) as AgentMessage;
}
