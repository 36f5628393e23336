import type { Lease } from '../domain/claim.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import type { RunBooks } from './open-run.ts';

export type BegunRun =
  | { readonly kind: 'begun'; readonly run: RunRecord }
  /** Somebody asked to stop it before it began, it is over, or its claim is lost: it must not work. */
  | {
      readonly kind: 'refused';
      readonly why: 'stop-requested' | 'over' | 'stale' | 'missing';
      readonly run?: RunRecord;
    };

/** The agent starts to work: the run is `running`, its task `in_progress`. Safe to repeat after a lost answer. */
export async function beginRun({ tasks, runs, clock }: RunBooks, runId: string, lease: Lease): Promise<BegunRun> {
  const run = await runs.read(runId);
  if (run === undefined) return { kind: 'refused', why: 'missing' };
  if (run.stopRequested !== undefined) return { kind: 'refused', why: 'stop-requested', run };
  const actor = run.agent.id;
  const now = clock.now();

  // The task first: it checks the lease, so a run that lost its claim is never told to be running.
  const task = await tasks.change({
    key: lease.key,
    actor,
    to: 'in_progress',
    facts: { stage: 'working', progress: 0 },
    lease,
  });
  if (task.kind === 'stale' || task.kind === 'missing') return { kind: 'refused', why: task.kind, run };
  const isMine = task.task.state === 'in_progress' && task.task.runId === runId;
  if (task.kind === 'illegal' && !isMine) return { kind: 'refused', why: 'over', run };

  const facts = { heartbeatAt: now, progressAt: now, progress: { stage: 'working', share: 0 } };
  const begun = await runs.change(runId, { to: 'running', facts, actor });
  if (begun.kind === 'missing') return { kind: 'refused', why: 'missing' };
  const repeated = begun.kind === 'illegal' && begun.run.state === 'running';
  if (begun.kind === 'changed' || repeated) return { kind: 'begun', run: begun.run };
  return { kind: 'refused', why: 'over', run: begun.run };
}
