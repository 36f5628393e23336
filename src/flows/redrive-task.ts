import type { ClaimKey } from '../domain/claim.ts';
import type { TaskRecord, TaskState } from '../domain/coordination/task-record.ts';
import type { TaskStore } from '../ports/task-store.ts';

export interface RedriveRequest {
  readonly key: ClaimKey;
  readonly actor: string;
  readonly reason?: string;
}

export type RedrivenTask =
  | { readonly kind: 'redriven'; readonly task: TaskRecord; readonly from: TaskState }
  /** Nothing stands in its way: it is open, ready or being worked on, or it is done. */
  | { readonly kind: 'not-waiting'; readonly task: TaskRecord }
  | { readonly kind: 'missing' };

const waiting: readonly TaskState[] = ['abandoned', 'blocked', 'needs_info', 'in_review'];

/** A person hands a task out again that was given up, or that waits for somebody: its failures no longer count. */
export async function redriveTask(
  tasks: Pick<TaskStore, 'read' | 'change'>,
  { key, actor, reason }: RedriveRequest,
): Promise<RedrivenTask> {
  const task = await tasks.read(key);
  if (task === undefined) return { kind: 'missing' };
  if (!waiting.includes(task.state)) return { kind: 'not-waiting', task };
  const facts = { attempts: 0, progress: 0, stage: 'redriven', reason: reason ?? `handed out again by ${actor}` };
  const change = await tasks.change({ key, actor, to: 'ready', facts });
  switch (change.kind) {
    case 'changed':
      return { kind: 'redriven', task: change.task, from: task.state };
    case 'illegal':
    case 'stale':
      // Somebody moved it since it was read.
      return { kind: 'not-waiting', task: change.task };
    case 'missing':
      return change;
    default:
      return change satisfies never;
  }
}
