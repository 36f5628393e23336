import type { DatabaseSync } from 'node:sqlite';
import type { ClaimKey } from '../../domain/claim.ts';
import type { Dependency } from '../../domain/coordination/dependency.ts';
import { dependencyEvent } from '../../domain/coordination/task-events.ts';
import { waitEdgeOf } from '../../domain/coordination/wait-edge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DependencyResult } from '../../ports/task-store.ts';
import { appendActivity } from './append-activity.ts';
import type { Row } from './row.ts';
import { statement } from './statement.ts';
import { closeWait, openWait } from './wait-rows.ts';

export interface DependencyWriter {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly actor: string;
}

/** Edges from and to the task. */
export function readDependencies(db: DatabaseSync, task: ClaimKey): readonly Dependency[] {
  const rows = statement(
    db,
    `SELECT from_key, to_key, kind, source FROM dependencies WHERE from_key = :task
     UNION SELECT from_key, to_key, kind, source FROM dependencies WHERE to_key = :task`,
  ).all({ task });
  return rows.map(dependencyOf);
}

/** Only `writeDependency` writes these columns. */
function dependencyOf(row: Row): Dependency {
  return {
    kind: row['kind'] as Dependency['kind'],
    from: row['from_key'] as ClaimKey,
    to: row['to_key'] as ClaimKey,
    source: row['source'] as Dependency['source'],
  };
}

export function writeDependency({ db, clock, actor }: DependencyWriter, dependency: Dependency): DependencyResult {
  const { from, to, kind, source } = dependency;
  const exists = 'SELECT 1 FROM dependencies WHERE from_key = ? AND to_key = ? AND kind = ? AND source = ?';
  if (statement(db, exists).get(from, to, kind, source) !== undefined) return { kind: 'exists' };
  const wait = waitEdgeOf(dependency);
  const opened = wait && openWait(db, wait);
  if (opened?.kind === 'cycle') return opened;
  const add = 'INSERT INTO dependencies (from_key, to_key, kind, source) VALUES (?, ?, ?, ?)';
  statement(db, add).run(from, to, kind, source);
  appendActivity(db, clock, dependencyEvent('dependency.added', dependency, actor));
  return { kind: 'added' };
}

export function deleteDependency(
  { db, clock, actor }: DependencyWriter,
  dependency: Dependency,
): 'removed' | 'missing' {
  const { from, to, kind, source } = dependency;
  const remove = 'DELETE FROM dependencies WHERE from_key = ? AND to_key = ? AND kind = ? AND source = ?';
  if (statement(db, remove).run(from, to, kind, source).changes === 0) return 'missing';
  const wait = waitEdgeOf(dependency);
  if (wait !== undefined) closeWait(db, wait);
  appendActivity(db, clock, dependencyEvent('dependency.removed', dependency, actor));
  return 'removed';
}
