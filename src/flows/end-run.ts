import type { Lease } from '../domain/claim.ts';
import type { RunFacts } from '../domain/coordination/activity.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { type RunEnd, taskAfterRun } from '../domain/coordination/task-after-run.ts';
import { isAtWork } from '../domain/coordination/task-moves.ts';
import type { TaskRecord } from '../domain/coordination/task-record.ts';
import type { Outcome } from '../domain/outcome.ts';
import { sliceWhole } from '../domain/visible-text.ts';
import type { ClaimStore, ReleaseResult } from '../ports/claim-store.ts';
import type { RunChangeResult } from '../ports/run-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { RunBooks } from './open-run.ts';

export interface EndBooks extends RunBooks {
  readonly tasks: Pick<TaskStore, 'read' | 'change'>;
  readonly claims: Pick<ClaimStore, 'release'>;
}

export interface EndRequest {
  readonly runId: string;
  /** The claim of its task: the run's own, or of whoever clears up after it. */
  readonly lease: Lease;
  readonly end: RunEnd;
  readonly actor: string;
}

export interface EndedRun {
  /** `over`: it had ended before, and stays as it was. */
  readonly run: 'ended' | 'over' | 'missing';
  /** Where the task stands now; `kept`: not this run's to move (lost claim, moved before, not mirrored). */
  readonly task: { readonly kind: 'moved'; readonly task: TaskRecord } | { readonly kind: 'kept' };
  readonly claim: ReleaseResult['kind'];
}

/** A reason is a sentence or a few for people; it also travels in events and over the network. */
const maxReason = 2_000;

/**
 * A run is over: its record, its task and its claim say so, in this order, so that a crash in between leaves a held claim
 * whose lease runs out, and the sweeper finishes what was begun. Safe to repeat. What was spent settles the reservation.
 */
export async function endRun(books: EndBooks, request: EndRequest): Promise<EndedRun> {
  const { claims } = books;
  const { runId, lease, end, actor } = request;
  const { outcome, spent, branch, pullRequest } = end;
  const reason = sliceWhole(end.reason, maxReason);
  const now = books.clock.now();
  const facts = {
    reason,
    endedAt: now,
    ...(spent !== undefined && { spent }),
    ...(branch !== undefined && { branch }),
    ...(pullRequest !== undefined && { pullRequest }),
  };
  const change = await endRecord(books, runId, { to: outcome, facts, actor });
  // A run that ended before told the truth about itself then: its task follows that, not what is said now.
  const told = change.kind === 'illegal' ? (endOf(change.run) ?? { ...end, reason }) : { ...end, reason };
  const task = await moveTask(books, { ...request, end: told });
  const release = await claims.release(lease, told.spent);
  const run = change.kind === 'changed' ? 'ended' : change.kind === 'illegal' ? 'over' : 'missing';
  return { run, task, claim: release.kind };
}

/** A run that never said that it began (it failed at once, or the answer was lost) begins and ends here. */
async function endRecord(
  { runs }: EndBooks,
  runId: string,
  change: { readonly to: Outcome; readonly facts: RunFacts; readonly actor: string },
): Promise<RunChangeResult> {
  const ended = await runs.change(runId, change);
  if (ended.kind !== 'illegal' || endOf(ended.run) !== undefined) return ended;
  await runs.change(runId, { to: 'running', actor: change.actor });
  return runs.change(runId, change);
}

/** How a run that is over ended; undefined while it is not. */
export function endOf(run: RunRecord): RunEnd | undefined {
  const { state, spent, branch, pullRequest } = run;
  const outcome = outcomeOf(state);
  if (outcome === undefined) return undefined;
  // One that changed something says where; who succeeds without has read, and the work itself is still to be done.
  const isReadOnly = outcome === 'succeeded' && branch === undefined && pullRequest === undefined;
  return {
    ...(isReadOnly && { isReadOnly }),
    outcome,
    reason: run.reason ?? outcome.replace('_', ' '),
    spent,
    ...(branch !== undefined && { branch }),
    ...(pullRequest !== undefined && { pullRequest }),
  };
}

function outcomeOf(state: RunRecord['state']): Outcome | undefined {
  switch (state) {
    case 'queued':
    case 'running':
    case 'waiting':
      return undefined;
    default:
      return state;
  }
}

async function moveTask({ tasks }: EndBooks, { runId, lease, end, actor }: EndRequest): Promise<EndedRun['task']> {
  const task = await tasks.read(lease.key);
  const atWork = task !== undefined && isAtWork(task.state);
  if (task === undefined || !atWork || task.runId !== runId) return { kind: 'kept' };
  const change = await tasks.change({ key: lease.key, actor, ...taskAfterRun(task, end), lease });
  return change.kind === 'changed' ? { kind: 'moved', task: change.task } : { kind: 'kept' };
}
