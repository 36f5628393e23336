import { type ChangePlan, plannedFile } from '../domain/held/plan.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import type { ReviewReason } from '../domain/held/review-reason.ts';
import { mayWrite } from './fence-guard.ts';
import { holdPlan, planFrame } from './hold-plan.ts';
import type { PublishReport, PublishRun, ReadyChange } from './publish-run.ts';
import { writeCommit } from './write-commit.ts';

/**
 * A change that kept all hard rules and touches what a person approves first: it becomes a commit that no branch points to, and
 * the comment shows what would be published.
 */
export async function holdChange(
  run: PublishRun,
  change: ReadyChange,
  reasons: readonly ReviewReason[],
): Promise<PublishReport> {
  const plan = planOf(run, change, reasons);
  await mayWrite(run, 'commit');
  const commit = await writeCommit(run, change);

  const held = await holdPlan(run, { plan, change: commit, result: change.result });
  if (held.kind === 'withheld') return held.report;
  return {
    outcome: 'needs_info',
    reason: heldReason(held.hash, reasons),
    result: change.result,
    manifest: change.manifest,
  };
}

export function heldReason(hash: string, reasons: readonly ReviewReason[]): string {
  const paths = [...new Set(reasons.map(({ path }) => path))];
  const named = paths.slice(0, 5).join(', ');
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return `Held for approval: it touches ${named}${more}. To publish it, comment \`/agent approve ${shownPlan(hash)}\`.`;
}

function planOf(run: PublishRun, { result, manifest }: ReadyChange, reasons: readonly ReviewReason[]): ChangePlan {
  const { patch: _patch, ...rest } = result;
  const { files, base, treeSha } = manifest;
  return {
    ...planFrame(run),
    kind: 'change',
    patch: { schema: 1, base, treeSha, files: files.map(plannedFile) },
    reasons,
    result: rest,
  };
}
