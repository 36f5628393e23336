import { type ClaimRecord, isCurrent, type Lease } from '../claim.ts';
import type { TaskFacts } from './activity.ts';
import { sameData } from './same-data.ts';
import { applyTaskChange, type TaskActivity } from './task-changes.ts';
import { taskKeyOf } from './task-key.ts';
import { isAtWork, taskMoves } from './task-moves.ts';
import { mirroredPriority } from './task-priority.ts';
import { type MirroredIssue, maxAttempts, type TaskRecord, type TaskState } from './task-record.ts';

/** What GitHub says is taken over unless something newer was; closing is done, reopening begins from the start. */
export function decideMirror(
  task: TaskRecord | undefined,
  issue: MirroredIssue,
): { readonly task: TaskRecord; readonly changes: readonly TaskActivity[] } {
  const older = task !== undefined && issue.updatedAt < task.issue.updatedAt;
  if (task !== undefined && (older || sameData(task.issue, issue))) return { task, changes: [] };
  const key = taskKeyOf(issue);
  const before = task && { labels: task.issue.labels, priority: task.priority };
  const priority = mirroredPriority(issue.labels, before);
  const mirrored: TaskActivity = { type: 'task.mirrored', key, issue, priority };
  const taken = applyTaskChange(task, mirrored);
  const move = moveByForge(task, issue);
  if (move === undefined) return { task: taken, changes: [mirrored] };
  const moved: TaskActivity = { type: 'task.moved', key, from: taken.state, ...move };
  return { task: applyTaskChange(taken, moved), changes: [mirrored, moved] };
}

function moveByForge(
  task: TaskRecord | undefined,
  { forgeState }: MirroredIssue,
): { readonly to: TaskState; readonly facts: TaskFacts } | undefined {
  const done = task?.state === 'done';
  if (forgeState === 'closed') return done ? undefined : { to: 'done', facts: { progress: 1 } };
  const reopened = done && task.issue.forgeState === 'closed';
  return reopened ? { to: 'open', facts: anew } : undefined;
}

export type TaskDecision =
  | { readonly kind: 'changed'; readonly task: TaskRecord; readonly changes: readonly TaskActivity[] }
  | { readonly kind: 'illegal'; readonly task: TaskRecord; readonly allowed: readonly TaskState[] }
  | { readonly kind: 'stale'; readonly task: TaskRecord }
  | { readonly kind: 'missing' };

export interface TaskRequest {
  readonly to?: TaskState;
  readonly facts?: TaskFacts;
  readonly lease?: Lease;
}

/**
 * A move to the state where it stands already is a repeated call, and changes facts only. Whoever says that a run is at
 * work must hold the claim, so `claimed` and `in_progress` without a lease are stale.
 */
export function decideTaskChange(
  task: TaskRecord | undefined,
  { to: asked, facts: told = {}, lease }: TaskRequest,
  claim: ClaimRecord | undefined,
): TaskDecision {
  if (task === undefined) return { kind: 'missing' };
  const { key, state: from } = task;
  const lost = lease !== undefined && !(lease.key === key && isCurrent(claim, lease));
  const nobodyAtWork = lease === undefined && asked !== undefined && isAtWork(asked);
  if (lost || nobodyAtWork) return { kind: 'stale', task };

  const givenUp = asked === 'ready' && from !== 'abandoned' && (told.attempts ?? 0) >= maxAttempts;
  const to = givenUp ? 'abandoned' : (asked ?? from);
  const moves = to !== from;
  if (moves && !taskMoves[from].includes(to)) return { kind: 'illegal', task, allowed: taskMoves[from] };

  // The fence comes from the lease alone: nobody tells a higher one than the claim's.
  const { fence: _told, ...rest } = told;
  const facts: TaskFacts = { ...rest, ...(moves && factsOfMove(from, to)), ...(lease && { fence: lease.fence }) };
  if (moves) return changed(task, { type: 'task.moved', key, from, to, facts });
  const nothingNew = Object.keys(facts).length === 0 || sameData({ ...task, ...facts }, task);
  return nothingNew ? { kind: 'changed', task, changes: [] } : changed(task, { type: 'task.changed', key, facts });
}

const anew: TaskFacts = { attempts: 0, progress: 0 };

/** What a move says by itself, whatever else was told. */
function factsOfMove(from: TaskState, to: TaskState): TaskFacts {
  const redriven = from === 'abandoned' && to === 'ready';
  const reopened = from === 'done' && to === 'open';
  if (redriven || reopened) return anew;
  return to === 'done' ? { progress: 1 } : {};
}

function changed(task: TaskRecord, change: TaskActivity): TaskDecision {
  return { kind: 'changed', task: applyTaskChange(task, change), changes: [change] };
}
