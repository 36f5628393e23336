import type { DatabaseSync } from 'node:sqlite';
import type { ClaimRecord } from '../../domain/claim.ts';
import type { ActivityChange } from '../../domain/coordination/activity.ts';
import { applyBudgetChange, type BudgetChange, booksOf } from '../../domain/coordination/budget-changes.ts';
import { applyClaimChange, type ClaimChange, claimOf } from '../../domain/coordination/claim-changes.ts';
import type { NewEvent } from '../../domain/coordination/claim-events.ts';
import { isBudgetChange, isClaimChange } from '../../domain/coordination/replay-claims.ts';
import type { Clock } from '../../ports/clock.ts';
import { appendActivity } from './append-activity.ts';
import { readBook } from './budget-rows.ts';
import { readClaim } from './claim-rows.ts';
import { statement } from './statement.ts';

/** Events and the records that they make, in this transaction. */
export function writeClaimChanges(db: DatabaseSync, clock: Clock, events: readonly NewEvent[]): void {
  for (const event of events) {
    appendActivity(db, clock, event);
    applyChange(db, event.change);
  }
}

function applyChange(db: DatabaseSync, change: ActivityChange): void {
  if (isClaimChange(change)) applyToClaim(db, change);
  if (isBudgetChange(change)) applyToBooks(db, change);
  if (change.type === 'state.restored') writeFenceFloor(db, change.floor);
}

function writeFenceFloor(db: DatabaseSync, floor: number): void {
  statement(db, "INSERT OR REPLACE INTO facts (name, value) VALUES ('fence-floor', ?)").run(floor);
}

function applyToClaim(db: DatabaseSync, change: ClaimChange): void {
  if (change.type === 'claim.effect') {
    const { key, effect, fence } = change;
    statement(db, 'INSERT INTO effects (key, effect, fence) VALUES (?, ?, ?)').run(key, effect, fence);
    return;
  }
  writeClaim(db, applyClaimChange(readClaim(db, claimOf(change)), change));
}

function writeClaim(db: DatabaseSync, record: ClaimRecord): void {
  const { key, state, holder, leaseId, fence, expiresAt } = record;
  statement(
    db,
    `INSERT OR REPLACE INTO claims (key, state, kind, owner, run, agent, lease_id, fence, expires_at, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[key, state, holder.kind, holder.owner, holder.runId, holder.agent?.id ?? null],
    ...[leaseId, fence, expiresAt, JSON.stringify(record)],
  );
}

function applyToBooks(db: DatabaseSync, change: BudgetChange): void {
  for (const key of booksOf(change)) {
    const book = applyBudgetChange(readBook(db, key), change, key);
    if (book === undefined) continue;
    statement(db, 'INSERT OR REPLACE INTO budgets (key, record) VALUES (?, ?)').run(key, JSON.stringify(book));
  }
  if (change.type === 'budget.limited') {
    const write = statement(db, 'INSERT OR REPLACE INTO budget_caps (scope, caps) VALUES (?, ?)');
    write.run(change.scope, JSON.stringify(change.caps));
  }
}
