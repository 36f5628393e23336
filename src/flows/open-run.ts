import type { AgentIdentity } from '../domain/agent-identity.ts';
import { type ClaimHolder, isLookKey, type Lease } from '../domain/claim.ts';
import { nothing } from '../domain/coordination/amounts.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import type { TaskRecord } from '../domain/coordination/task-record.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { TaskStore } from '../ports/task-store.ts';

export interface RunBooks {
  readonly tasks: Pick<TaskStore, 'change'>;
  readonly runs: Pick<RunStore, 'open' | 'read' | 'change'>;
  readonly clock: Clock;
}

export interface NewRun {
  readonly runId: string;
  readonly agent: AgentIdentity;
  /** The claim of its task, just granted. */
  readonly lease: Lease;
  readonly workflowRun?: NonNullable<ClaimHolder['workflowRun']>;
  /** A dispatcher starts its workflow, in this trace. */
  readonly traceparent?: string;
}

export type OpenedRun =
  /** `task` is absent where none moves with the run: it looks at a pull request. */
  | { readonly kind: 'opened'; readonly run: RunRecord; readonly task?: TaskRecord }
  /** The task is not one to be worked on, or the lease is somebody else's by now; nothing was opened. */
  | { readonly kind: 'refused'; readonly why: 'illegal' | 'stale' | 'missing'; readonly task?: TaskRecord };

/** A claim was granted: its task is `claimed`, and the run that works on it is in the books. Safe to repeat. */
export async function openRun({ tasks, runs, clock }: RunBooks, request: NewRun): Promise<OpenedRun> {
  const { runId, agent, lease } = request;
  const now = clock.now();
  if (isLookKey(lease.key)) return { kind: 'opened', run: await openRecord(runs, request, { now, attempt: 1 }) };
  const facts = { runId, agent, fence: lease.fence, stage: 'claimed', progress: 0 };
  const change = await tasks.change({ key: lease.key, actor: agent.id, to: 'claimed', facts, lease });
  if (change.kind === 'missing') return { kind: 'refused', why: 'missing' };
  const repeated = change.kind === 'illegal' && change.task.state === 'claimed' && change.task.runId === runId;
  if (change.kind !== 'changed' && !repeated) return { kind: 'refused', why: change.kind, task: change.task };
  const { task } = change;
  return { kind: 'opened', run: await openRecord(runs, request, { now, attempt: task.attempts + 1 }), task };
}

async function openRecord(
  runs: RunBooks['runs'],
  { runId, agent, lease, workflowRun, traceparent }: NewRun,
  { now, attempt }: { readonly now: number; readonly attempt: number },
): Promise<RunRecord> {
  const { run } = await runs.open(
    {
      schema: 1,
      id: runId,
      task: lease.key,
      attempt,
      agent,
      state: 'queued',
      ...(workflowRun && { workflowRun }),
      ...(traceparent !== undefined && { dispatched: { tries: 0, at: now, traceparent } }),
      leaseId: lease.leaseId,
      fence: lease.fence,
      startedAt: now,
      heartbeatAt: now,
      progressAt: now,
      progress: { stage: 'claimed', share: 0 },
      spent: nothing,
    },
    agent.id,
  );
  return run;
}
