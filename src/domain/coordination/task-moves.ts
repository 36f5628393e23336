import type { TaskState } from './task-record.ts';

/**
 * Where a task may go from each state. What somebody must be at work for (`claimed`, `in_progress`) needs the lease of
 * its claim besides; `task-change.ts` sees to that.
 */
export const taskMoves: Readonly<Record<TaskState, readonly TaskState[]>> = {
  /** Known, and nobody said more about it. */
  open: ['ready', 'claimed', 'done', 'blocked', 'needs_info', 'abandoned'],
  /** Looked at, or given back by a run that failed: whoever comes next may work on it. */
  ready: ['open', 'claimed', 'done', 'blocked', 'needs_info', 'abandoned'],
  /**
   * A run holds it and has not told that it began; in GitHub Actions the agent cannot, so the publisher may be the first
   * who says more. Lost or failed: back to `ready`.
   */
  claimed: ['ready', 'in_progress', 'in_review', 'done', 'blocked', 'needs_info', 'abandoned'],
  /** A run works on it. Its claim may be lost to another run, which claims it anew. */
  in_progress: ['ready', 'claimed', 'in_review', 'done', 'blocked', 'needs_info', 'abandoned'],
  /** A pull request is there. Asked for changes, a run claims it anew. */
  in_review: ['ready', 'claimed', 'done', 'blocked', 'needs_info', 'abandoned'],
  /** Closed. Reopened it begins from the start. */
  done: ['open'],
  /** A person must do something first; their `/agent fix` claims it, their word makes it ready. */
  blocked: ['ready', 'claimed', 'done', 'needs_info', 'abandoned'],
  /** A person must answer first; the same. */
  needs_info: ['ready', 'claimed', 'done', 'blocked', 'abandoned'],
  /** Given up after too many failures: the dead letters. Only a redrive hands it out again. */
  abandoned: ['ready', 'done'],
};

/** In these states a run is at work, under a lease. */
export function isAtWork(state: TaskState): boolean {
  return state === 'claimed' || state === 'in_progress';
}
