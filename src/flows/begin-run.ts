import { type ClaimHolder, isLookKey, type Lease } from '../domain/claim.ts';
import { isOver } from '../domain/coordination/run-moves.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { sameWorkflowRun } from '../domain/dispatch/pick-up.ts';
import type { RunBooks } from './open-run.ts';

export type BegunRun =
  | { readonly kind: 'begun'; readonly run: RunRecord }
  /** Somebody asked to stop it before it began, it is over, or its claim is lost: it must not work. */
  | {
      readonly kind: 'refused';
      readonly why: 'stop-requested' | 'over' | 'stale' | 'missing' | 'taken';
      readonly run?: RunRecord;
    };

/** The agent starts to work: the run is `running`, its task `in_progress`. Safe to repeat after a lost answer. */
export async function beginRun(books: RunBooks, runId: string, lease: Lease): Promise<BegunRun> {
  return begin(books, { runId, lease });
}

export interface BeginRequest {
  readonly runId: string;
  readonly lease: Lease;
  /** Which workflow run carries it out: of two that come for one run the first does, the other is told `taken`. */
  readonly workflowRun: NonNullable<ClaimHolder['workflowRun']>;
}

/** The same for a run that waited in the books until a workflow run came for it. */
export async function beginWaitingRun(books: RunBooks, request: BeginRequest): Promise<BegunRun> {
  return begin(books, request);
}

async function begin(
  { tasks, runs, clock }: RunBooks,
  { runId, lease, workflowRun }: Omit<BeginRequest, 'workflowRun'> & Partial<Pick<BeginRequest, 'workflowRun'>>,
): Promise<BegunRun> {
  const run = await runs.read(runId);
  if (run === undefined) return { kind: 'refused', why: 'missing' };
  if (run.stopRequested !== undefined) return { kind: 'refused', why: 'stop-requested', run };
  const actor = run.agent.id;
  const now = clock.now();

  // The task first: it checks the lease, so a run that lost its claim is never told to be running.
  const refused = isLookKey(lease.key) ? undefined : await beginTask({ tasks }, { runId, lease, actor });
  if (refused !== undefined) return { kind: 'refused', why: refused, run };

  const facts = { heartbeatAt: now, progressAt: now, progress: { stage: 'working', share: 0 } };
  const picked = workflowRun === undefined ? { facts } : { from: 'queued' as const, facts: { ...facts, workflowRun } };
  const begun = await runs.change(runId, { to: 'running', actor, ...picked });
  if (begun.kind === 'missing') return { kind: 'refused', why: 'missing' };
  if (begun.kind === 'changed') return { kind: 'begun', run: begun.run };
  if (isOver(begun.run.state)) return { kind: 'refused', why: 'over', run: begun.run };
  const isOurs = workflowRun === undefined || sameWorkflowRun(begun.run.workflowRun, workflowRun);
  return isOurs ? { kind: 'begun', run: begun.run } : { kind: 'refused', why: 'taken', run: begun.run };
}

/** Undefined: the task is in progress. */
async function beginTask(
  { tasks }: Pick<RunBooks, 'tasks'>,
  { runId, lease, actor }: { readonly runId: string; readonly lease: Lease; readonly actor: string },
): Promise<'stale' | 'missing' | 'over' | undefined> {
  const facts = { stage: 'working', progress: 0 };
  const task = await tasks.change({ key: lease.key, actor, to: 'in_progress', facts, lease });
  if (task.kind === 'stale' || task.kind === 'missing') return task.kind;
  const isMine = task.task.state === 'in_progress' && task.task.runId === runId;
  return task.kind === 'illegal' && !isMine ? 'over' : undefined;
}
