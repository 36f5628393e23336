import type { DatabaseSync } from 'node:sqlite';
import type { ClaimRecord } from '../../src/domain/claim.ts';
import type { TaskView } from '../../src/domain/coordination/task-record.ts';

/** Puts tasks into the tables as they are, in any state, without the way there; for what only reads them. */
export function insertTasks(db: DatabaseSync, tasks: readonly TaskView[]): void {
  const insert = (table: string, columns: string): ((...values: (string | number | null)[]) => void) => {
    const marks = columns.replaceAll(/\w+/g, '?');
    const statement = db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks})`);
    return (...values) => void statement.run(...values);
  };
  const task = insert(
    'tasks',
    `key, repository, number, kind, title, author, forge_state, milestone, comments, created_at, updated_at, closed_at,
     state, priority, progress, fence, attempts, cost_micro_usd, version, open_blockers, agent, checkpoints, body`,
  );
  const label = insert('task_labels', 'task, position, label');
  const assignee = insert('task_assignees', 'task, position, login');
  const wait = insert('waits', 'waiter, blocker, edges');
  const claim = insert('claims', 'key, state, kind, owner, run, agent, lease_id, fence, expires_at, record');
  const claimRow = (record: ClaimRecord): void => {
    const { key, state, holder, leaseId, fence, expiresAt } = record;
    claim(
      ...[key, state, holder.kind, holder.owner, holder.runId, holder.agent?.id ?? null],
      ...[leaseId, fence, expiresAt, JSON.stringify(record)],
    );
  };

  db.exec('BEGIN');
  for (const view of tasks) {
    const { key, issue } = view;
    task(
      ...[key, issue.repository, issue.number, issue.kind, issue.title, issue.author, issue.forgeState],
      ...[issue.milestone ?? null, issue.comments, issue.createdAt, issue.updatedAt, issue.closedAt ?? null],
      ...[view.state, view.priority, view.progress, view.fence, view.attempts, view.costMicroUsd, view.version],
      ...[view.openBlockers, view.agent === undefined ? null : JSON.stringify(view.agent)],
      ...[JSON.stringify(view.checkpoints), issue.body],
    );
    for (const [position, name] of issue.labels.entries()) label(key, position, name);
    for (const [position, login] of issue.assignees.entries()) assignee(key, position, login);
    for (const blocker of view.blockedBy) wait(key, blocker, 1);
    // A claim that was released keeps its record: it must not count.
    if (view.claim !== undefined) claimRow(view.claim);
    else if (issue.number % 3 === 0) claimRow(freeClaim(key));
  }
  db.exec('COMMIT');
}

function freeClaim(key: string): ClaimRecord {
  return {
    schema: 1,
    key,
    state: 'free',
    holder: { owner: 'octocat', runId: 'run-1', kind: 'human', reason: 'was held' },
    leaseId: 'lease',
    fence: 3,
    acquiredAt: 0,
    expiresAt: 0,
    ttlMs: 0,
  };
}
