import type { ClaimHolder, ClaimRecord } from '../domain/claim.ts';
import { fullName } from '../domain/repository.ts';
import type { Forge } from '../ports/forge.ts';
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

/**
 * Where a workflow run is looked for, or cancelled: in the repository where all runs are carried out when its address
 * (`https://github.com/octo/agents/actions/runs/7`) says so, else in that of its issue. Whoever may write of a run may write any
 * address, which must not lead our token into other repositories.
 */
export function forgeOfRun<Place extends Pick<Forge, 'repository'>>(
  { forge, runner }: { readonly forge: Place; readonly runner?: Place },
  { url }: NonNullable<ClaimHolder['workflowRun']>,
): Place {
  const [, name = ''] = /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\/actions\/runs\//.exec(url) ?? [];
  const isThere = runner !== undefined && fullName(runner.repository).toLowerCase() === name.toLowerCase();
  return isThere ? runner : forge;
}
