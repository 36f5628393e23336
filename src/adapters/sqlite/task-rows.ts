import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { AgentIdentity } from '../../domain/agent-identity.ts';
import type { ClaimKey } from '../../domain/claim.ts';
import { sameData } from '../../domain/coordination/same-data.ts';
import type { MirroredIssue, TaskRecord, TaskState } from '../../domain/coordination/task-record.ts';
import type { Row } from './row.ts';
import { statement } from './statement.ts';

/** A task, and what is kept beside its record. */
export interface StoredTask {
  readonly task: TaskRecord;
  readonly openBlockers: number;
  /** Somebody holds its claim. */
  readonly held: boolean;
}

export function readTask(db: DatabaseSync, key: ClaimKey): TaskRecord | undefined {
  return readStoredTask(db, key)?.task;
}

export function readStoredTask(db: DatabaseSync, key: ClaimKey): StoredTask | undefined {
  const row = statement(db, 'SELECT * FROM tasks WHERE key = ?').get(key);
  if (row === undefined) return undefined;
  return { task: taskOf(db, row), openBlockers: row['open_blockers'] as number, held: row['held'] === 1 };
}

/** Only `writeTask` writes these columns, so they hold what the types say by construction. */
function taskOf(db: DatabaseSync, row: Row): TaskRecord {
  const key = row['key'] as ClaimKey;
  const agent = row['agent'] as string | null;
  return {
    schema: 1,
    key,
    issue: issueOf(db, row),
    state: row['state'] as TaskState,
    ...present({
      reason: row['reason'] as string | null,
      stage: row['stage'] as string | null,
      runId: row['run_id'] as string | null,
      agent: agent === null ? null : (JSON.parse(agent) as AgentIdentity),
      lastFailure: row['last_failure'] as string | null,
      branch: row['branch'] as string | null,
      pullRequest: row['pull_request'] as number | null,
    }),
    priority: row['priority'] as number,
    progress: row['progress'] as number,
    checkpoints: JSON.parse(row['checkpoints'] as string) as TaskRecord['checkpoints'],
    fence: row['fence'] as number,
    attempts: row['attempts'] as number,
    costMicroUsd: row['cost_micro_usd'] as number,
    version: row['version'] as number,
  };
}

function issueOf(db: DatabaseSync, row: Row): MirroredIssue {
  const key = row['key'] as ClaimKey;
  const labels = statement(db, 'SELECT label FROM task_labels WHERE task = ? ORDER BY position').all(key);
  const assignees = statement(db, 'SELECT login FROM task_assignees WHERE task = ? ORDER BY position').all(key);
  return {
    repository: row['repository'] as string,
    number: row['number'] as number,
    kind: row['kind'] as MirroredIssue['kind'],
    title: row['title'] as string,
    body: row['body'] as string,
    author: row['author'] as string,
    forgeState: row['forge_state'] as MirroredIssue['forgeState'],
    labels: labels.map(({ label }) => label as string),
    assignees: assignees.map(({ login }) => login as string),
    ...present({ milestone: row['milestone'] as string | null, closedAt: row['closed_at'] as number | null }),
    comments: row['comments'] as number,
    createdAt: row['created_at'] as number,
    updatedAt: row['updated_at'] as number,
  };
}

/** The members that are there: a column that is NULL is a member that the record lacks. */
function present<Members extends object>(
  members: Members,
): { readonly [Name in keyof Members]?: NonNullable<Members[Name]> } {
  const entries = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as { readonly [Name in keyof Members]?: NonNullable<Members[Name]> };
}

/** A new task counts what it waits for already; afterwards `open_blockers` is moved by whatever changes it. */
const openBlockers = `(
  SELECT count(*) FROM waits LEFT JOIN tasks AS blockers ON blockers.key = waits.blocker
  WHERE waits.waiter = $key AND blockers.forge_state IS NOT 'closed' AND blockers.state IS NOT 'done'
)`;

/** Of a known task only what has changed is written: a column that is named costs its indexes, changed or not. */
export function writeTask(db: DatabaseSync, task: TaskRecord, before: TaskRecord | undefined): void {
  const values = columnsOf(task);
  if (before === undefined) {
    const names = Object.keys(values);
    const marks = names.map((name) => `$${name}`).join(', ');
    const insert = `INSERT INTO tasks (${names.join(', ')}, open_blockers) VALUES (${marks}, ${openBlockers})`;
    statement(db, insert).run(values);
  } else {
    const old = columnsOf(before);
    const changed = Object.entries(values).filter(([name, value]) => value !== old[name]);
    const sets = changed.map(([name]) => `${name} = $${name}`).join(', ');
    const update = `UPDATE tasks SET ${sets} WHERE key = $key`;
    if (changed.length > 0) statement(db, update).run({ ...Object.fromEntries(changed), key: task.key });
  }
  if (!sameData([task.issue.labels, task.issue.assignees], [before?.issue.labels, before?.issue.assignees])) {
    writeLists(db, task);
  }
}

function columnsOf(task: TaskRecord): Record<string, SQLInputValue> {
  const { issue } = task;
  return {
    key: task.key,
    repository: issue.repository,
    number: issue.number,
    kind: issue.kind,
    title: issue.title,
    body: issue.body,
    author: issue.author,
    forge_state: issue.forgeState,
    milestone: issue.milestone ?? null,
    comments: issue.comments,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt ?? null,
    state: task.state,
    reason: task.reason ?? null,
    priority: task.priority,
    stage: task.stage ?? null,
    progress: task.progress,
    checkpoints: JSON.stringify(task.checkpoints),
    run_id: task.runId ?? null,
    agent: task.agent === undefined ? null : JSON.stringify(task.agent),
    fence: task.fence,
    attempts: task.attempts,
    last_failure: task.lastFailure ?? null,
    branch: task.branch ?? null,
    pull_request: task.pullRequest ?? null,
    cost_micro_usd: task.costMicroUsd,
    version: task.version,
  };
}

function writeLists(db: DatabaseSync, { key, issue }: TaskRecord): void {
  statement(db, 'DELETE FROM task_labels WHERE task = ?').run(key);
  const label = statement(db, 'INSERT INTO task_labels (task, position, label) VALUES (?, ?, ?)');
  for (const [position, text] of issue.labels.entries()) label.run(key, position, text);
  statement(db, 'DELETE FROM task_assignees WHERE task = ?').run(key);
  const assignee = statement(db, 'INSERT INTO task_assignees (task, position, login) VALUES (?, ?, ?)');
  for (const [position, login] of issue.assignees.entries()) assignee.run(key, position, login);
}
