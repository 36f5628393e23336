import type { ClaimKey } from '../claim.ts';
import { EntropyError } from '../error.ts';
import type { ActivityChange } from './activity.ts';
import type { TaskRecord } from './task-record.ts';

export type TaskActivity = Extract<ActivityChange, { readonly type: `task.${string}` }>;

/** The task's record after a change. */
export function applyTaskChange(task: TaskRecord | undefined, change: TaskActivity): TaskRecord {
  switch (change.type) {
    case 'task.mirrored': {
      const { key, issue, priority } = change;
      return task === undefined ? newTask(change) : { ...task, key, issue, priority, version: task.version + 1 };
    }
    case 'task.moved': {
      // Why it was in the state before, and what was done there, says nothing about the new one.
      const { reason: _reason, stage: _stage, ...kept } = known(task, change);
      return { ...kept, ...change.facts, state: change.to, version: kept.version + 1 };
    }
    case 'task.changed': {
      const before = known(task, change);
      return { ...before, ...change.facts, version: before.version + 1 };
    }
    default:
      return change satisfies never;
  }
}

function newTask({ key, issue, priority }: Extract<TaskActivity, { type: 'task.mirrored' }>): TaskRecord {
  return {
    schema: 1,
    key,
    issue,
    state: 'open',
    priority,
    progress: 0,
    checkpoints: { done: [], next: [] },
    fence: 0,
    attempts: 0,
    costMicroUsd: 0,
    version: 1,
  };
}

function known(task: TaskRecord | undefined, change: { readonly type: string; readonly key: ClaimKey }): TaskRecord {
  if (task !== undefined) return task;
  throw new EntropyError({
    code: 'E900',
    message: `the stream tells ${change.type} of ${change.key}, which was never mirrored`,
    fix: 'report it; the stream or the code that replays it lost an event',
  });
}
