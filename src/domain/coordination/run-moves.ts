import { outcomes } from '../outcome.ts';
import type { RunState } from './run-record.ts';

/** Where a run may go from each state. A run that is over stays as it is; trying again is another run. */
export const runMoves: Readonly<Record<RunState, readonly RunState[]>> = {
  /** Opened, not at work yet: nothing can have come of it. */
  queued: ['running', 'needs_info', 'blocked', 'refused', 'over_budget', 'cancelled', 'failed'],
  running: ['waiting', ...outcomes],
  /** At work, but it is somebody else's turn: a publisher, a check, an answer. */
  waiting: ['running', ...outcomes],
  succeeded: [],
  no_change: [],
  needs_info: [],
  blocked: [],
  refused: [],
  over_budget: [],
  failed: [],
  cancelled: [],
};

/** `succeeded`, `failed` …: nothing changes about the run any more. */
export function isOver(state: RunState): boolean {
  return runMoves[state].length === 0;
}
