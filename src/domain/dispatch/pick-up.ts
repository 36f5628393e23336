import type { ClaimHolder } from '../claim.ts';
import { isOver } from '../coordination/run-moves.ts';
import type { RunRecord } from '../coordination/run-record.ts';

/** One attempt of a workflow run, as GitHub itself names it in the job's token. */
export type WorkflowRun = NonNullable<ClaimHolder['workflowRun']>;

export type PickUpDecision =
  | { readonly kind: 'begin' }
  /** The very same workflow run came before: its answer was lost. */
  | { readonly kind: 'again' }
  | { readonly kind: 'refused'; readonly why: 'over' | 'stop-requested' | 'taken' };

/**
 * Whether a workflow run may carry out a run that waits in the books. When the dispatch told which one it started, only that
 * one may; a re-run of it may as long as nothing was begun. One that is started again may be here before its own start is noted:
 * as long as the books name the one of the start before, whichever comes first begins, and the other is told so.
 */
export function decidePickUp(run: RunRecord, by: WorkflowRun): PickUpDecision {
  if (isOver(run.state)) return { kind: 'refused', why: 'over' };
  if (isCarriedOutBy(run, by)) return { kind: 'again' };
  if (run.state !== 'queued') return { kind: 'refused', why: 'taken' };
  const { workflowRun: started, dispatched } = run;
  const isNamed = started !== undefined && started.id !== dispatched?.earlier;
  if (isNamed && started.id !== by.id) return { kind: 'refused', why: 'taken' };
  if (run.stopRequested !== undefined) return { kind: 'refused', why: 'stop-requested' };
  return { kind: 'begin' };
}

/** At work, and by this attempt of this workflow run: it may have what the run needs. */
export function isCarriedOutBy(run: RunRecord, by: WorkflowRun): boolean {
  const isAtWork = run.state === 'running' || run.state === 'waiting';
  return isAtWork && sameWorkflowRun(run.workflowRun, by);
}

export function sameWorkflowRun(one: WorkflowRun | undefined, other: WorkflowRun): boolean {
  return one?.id === other.id && one.attempt === other.attempt;
}
