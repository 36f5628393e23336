import type { Outcome } from '../outcome.ts';
import type { TaskFacts } from './activity.ts';
import type { Amounts } from './amounts.ts';
import { maxAttempts, type TaskRecord, type TaskState } from './task-record.ts';

/** How a run ended, as far as its task is concerned. */
export interface RunEnd {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Absent: nobody knows (it was killed); all that it had reserved is booked. */
  readonly spent?: Amounts;
  readonly branch?: string;
  readonly pullRequest?: number;
  /** It was read, and nothing stands in the way of the work itself. */
  readonly isReadOnly?: true;
}

export interface TaskMove {
  readonly to: TaskState;
  readonly facts: TaskFacts;
}

/**
 * Where a run's end leaves its task. Only a failure is tried again by itself, `maxAttempts` times in a row; then the task
 * is given up and waits, with its reason, for a person to redrive it. Every other end needs a person or a review first,
 * or `next` would hand the same task out for ever.
 */
export function taskAfterRun(task: TaskRecord, end: RunEnd): TaskMove {
  const { reason, branch, pullRequest } = end;
  const told = {
    reason,
    costMicroUsd: task.costMicroUsd + (end.spent?.microUsd ?? 0),
    ...(branch !== undefined && { branch }),
    ...(pullRequest !== undefined && { pullRequest }),
  };
  switch (end.outcome) {
    case 'succeeded':
      // Labels and criteria are no pull request that somebody reviews: whoever works on it comes next.
      if (end.isReadOnly === true) return { to: 'ready', facts: { ...told, attempts: 0, stage: 'read' } };
      return { to: 'in_review', facts: { ...told, attempts: 0, progress: 1, stage: 'in review' } };
    case 'no_change':
      return { to: 'needs_info', facts: { ...told, attempts: 0, stage: 'nothing to change' } };
    case 'needs_info':
      return { to: 'needs_info', facts: { ...told, attempts: 0, stage: 'waits for an answer' } };
    case 'blocked':
      return { to: 'blocked', facts: { ...told, stage: 'blocked' } };
    case 'refused':
      return { to: 'blocked', facts: { ...told, stage: 'refused' } };
    case 'over_budget':
      return { to: 'blocked', facts: { ...told, stage: 'over budget' } };
    case 'cancelled':
      return { to: 'blocked', facts: { ...told, stage: 'stopped' } };
    case 'failed': {
      const attempts = task.attempts + 1;
      const givenUp = attempts >= maxAttempts;
      const facts = { ...told, attempts, lastFailure: reason, progress: 0 };
      if (!givenUp) return { to: 'ready', facts: { ...facts, stage: 'failed' } };
      return {
        to: 'abandoned',
        facts: {
          ...facts,
          stage: 'given up',
          reason: `given up after ${attempts} failed attempts; the last: ${reason}`,
        },
      };
    }
    default:
      return end.outcome satisfies never;
  }
}
