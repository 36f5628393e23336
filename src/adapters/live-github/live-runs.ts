import type { ClaimRecord } from '../../domain/claim.ts';
import { nothing } from '../../domain/coordination/amounts.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { RunFilter, RunStore } from '../../ports/run-store.ts';

/**
 * Runs of plain GitHub: a claim that an agent holds is its run, as long as it holds it. What a run spent, and how one
 * ended, is told by the comments and nowhere else.
 */
export function createLiveRuns({ claims, version }: { claims: ClaimStore; version: string }): RunStore {
  const living = async (): Promise<readonly RunRecord[]> => {
    const runs: RunRecord[] = [];
    for await (const claim of claims.list({ state: 'held', kind: 'agent' })) runs.push(runOf(claim, version));
    return runs;
  };
  const find = async (id: string): Promise<RunRecord | undefined> => (await living()).find((run) => run.id === id);

  return {
    open: async (run) => {
      const claim = await claims.read(run.task);
      const isIts = claim?.state === 'held' && claim.holder.runId === run.id;
      if (!isIts) throw notKept('a run without a claim');
      return { kind: 'opened', run: { ...runOf(claim, version), agent: run.agent } };
    },
    read: find,
    // How it ended is not kept anywhere: with its claim it is gone.
    change: async (id) => {
      const run = await find(id);
      return run === undefined ? { kind: 'missing' } : { kind: 'changed', run };
    },
    requestStop: async (id) => {
      if ((await find(id)) === undefined) return { kind: 'missing' };
      throw new EntropyError({
        code: 'E725',
        message: 'plain GitHub has no way to tell a run to stop',
        fix: 'comment /agent stop on its issue, or cancel its workflow run',
      });
    },
    list: async (filter) =>
      (await living())
        .filter((run) => fits(run, filter))
        .sort((a, b) => b.startedAt - a.startedAt)
        .slice(0, filter.limit),
    agents: async () => {
      throw notKept('agents');
    },
  };
}

function fits(run: RunRecord, { task, agent, states, since, taskPrefix }: RunFilter): boolean {
  const rightTask = (task ?? run.task) === run.task && run.task.startsWith(taskPrefix ?? '');
  const rightAgent = (agent ?? run.agent.id) === run.agent.id;
  const rightState = states === undefined || states.includes(run.state);
  return rightTask && rightAgent && rightState && run.startedAt >= (since ?? 0);
}

function runOf({ key, holder, leaseId, fence, acquiredAt, progressAt }: ClaimRecord, version: string): RunRecord {
  return {
    schema: 1,
    id: holder.runId,
    task: key,
    attempt: holder.workflowRun?.attempt ?? 1,
    agent: holder.agent ?? { id: holder.owner, role: 'coder', version, model: 'unknown' },
    state: 'running',
    ...(holder.workflowRun && { workflowRun: holder.workflowRun }),
    leaseId,
    fence,
    startedAt: acquiredAt,
    heartbeatAt: progressAt ?? acquiredAt,
    progressAt: progressAt ?? acquiredAt,
    progress: { stage: 'claimed', share: 0, text: holder.reason },
    spent: nothing,
    version: 1,
  };
}

function notKept(what: string): EntropyError {
  return new EntropyError({
    code: 'E725',
    message: `plain GitHub keeps no ${what}`,
    fix: 'name a store that does: --coordinator URL or --state FILE',
  });
}
