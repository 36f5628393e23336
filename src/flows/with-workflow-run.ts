import type { ClaimHolder, ClaimRecord } from '../domain/claim.ts';
import { parseFullName, type RepositoryRef } from '../domain/repository.ts';
import type { RunStore } from '../ports/run-store.ts';

/**
 * A claim whose run was dispatched does not know its workflow run, which came after it; the run's record does. While the run is
 * queued nobody works for it, whatever became of a workflow run: whoever dispatched it starts another one.
 */
export async function withWorkflowRun(
  runs: Pick<RunStore, 'read'> | undefined,
  record: ClaimRecord,
  states: 'at-work' | 'any' = 'at-work',
): Promise<ClaimRecord> {
  const { holder } = record;
  if (runs === undefined || record.state !== 'held' || holder.workflowRun !== undefined) return record;
  const run = holder.kind === 'agent' ? await runs.read(holder.runId) : undefined;
  const isAtWork = run?.state === 'running' || run?.state === 'waiting';
  if (run?.workflowRun === undefined || (states === 'at-work' && !isAtWork)) return record;
  return { ...record, holder: { ...holder, workflowRun: run.workflowRun } };
}

/** `https://github.com/octo/agents/actions/runs/7` → octo/agents: runs may work elsewhere than in their issue's repository. */
export function repositoryOfRun({ url }: NonNullable<ClaimHolder['workflowRun']>): RepositoryRef | undefined {
  const [, name = ''] = /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\/actions\/runs\//.exec(url) ?? [];
  return parseFullName(name);
}
