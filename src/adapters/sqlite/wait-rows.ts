import type { DatabaseSync } from 'node:sqlite';
import type { ClaimKey } from '../../domain/claim.ts';
import type { WaitEdge } from '../../domain/coordination/wait-edge.ts';
import { decideEdge, type EdgeDecision, type WaitGraph } from '../../domain/coordination/wait-order.ts';
import { statement } from './statement.ts';

/** Who waits for this task, in the order of their keys. */
export function waitersOf(db: DatabaseSync, key: ClaimKey): readonly ClaimKey[] {
  const rows = statement(db, 'SELECT waiter FROM waits WHERE blocker = ? ORDER BY waiter').all(key);
  return rows.map(({ waiter }) => String(waiter));
}

export function blockersOf(db: DatabaseSync, key: ClaimKey): readonly ClaimKey[] {
  const rows = statement(db, 'SELECT blocker FROM waits WHERE waiter = ? ORDER BY blocker').all(key);
  return rows.map(({ blocker }) => String(blocker));
}

/** As it is in this transaction; levels are looked up once. */
function waitGraph(db: DatabaseSync): WaitGraph {
  const levels = new Map<ClaimKey, number>();
  return {
    level: (node) => {
      const known = levels.get(node);
      if (known !== undefined) return known;
      const level = Number(statement(db, 'SELECT level FROM wait_levels WHERE key = ?').get(node)?.['level'] ?? 0);
      levels.set(node, level);
      return level;
    },
    blockersOf: (node) => blockersOf(db, node),
    waitersOf: (node) => waitersOf(db, node),
  };
}

/** One more edge says that the pair waits. A pair that is new must close no circle; the waiter then counts it. */
export function openWait(db: DatabaseSync, edge: WaitEdge): EdgeDecision {
  const { waiter, blocker } = edge;
  const known = statement(db, 'UPDATE waits SET edges = edges + 1 WHERE waiter = ? AND blocker = ?');
  if (known.run(waiter, blocker).changes === 1) return { kind: 'acyclic', levels: new Map() };

  const decision = decideEdge(waitGraph(db), edge);
  if (decision.kind === 'cycle') return decision;
  const level = statement(db, 'INSERT OR REPLACE INTO wait_levels (key, level) VALUES (?, ?)');
  for (const [node, height] of decision.levels) level.run(node, height);
  statement(db, 'INSERT INTO waits (waiter, blocker, edges) VALUES (?, ?, 1)').run(waiter, blocker);
  countBlocker(db, edge, 1);
  return decision;
}

/** One edge less says so; with the last one the pair is gone. */
export function closeWait(db: DatabaseSync, edge: WaitEdge): void {
  const { waiter, blocker } = edge;
  const others = 'UPDATE waits SET edges = edges - 1 WHERE waiter = ? AND blocker = ? AND edges > 1';
  if (statement(db, others).run(waiter, blocker).changes === 1) return;
  statement(db, 'DELETE FROM waits WHERE waiter = ? AND blocker = ?').run(waiter, blocker);
  countBlocker(db, edge, -1);
}

/** A blocker that is closed is not counted; one that nobody has mirrored is open, as far as anybody knows. */
function countBlocker(db: DatabaseSync, { waiter, blocker }: WaitEdge, by: 1 | -1): void {
  statement(
    db,
    `UPDATE tasks SET open_blockers = open_blockers + ? WHERE key = ? AND NOT EXISTS (
       SELECT 1 FROM tasks AS blockers WHERE blockers.key = ? AND (blockers.forge_state = 'closed' OR blockers.state = 'done')
     )`,
  ).run(by, waiter, blocker);
}

/** A task was closed, or is open again: everybody who waits for it counts one less, or more. */
export function countForWaiters(db: DatabaseSync, blocker: ClaimKey, by: 1 | -1): void {
  statement(
    db,
    'UPDATE tasks SET open_blockers = open_blockers + ? WHERE key IN (SELECT waiter FROM waits WHERE blocker = ?)',
  ).run(by, blocker);
}
