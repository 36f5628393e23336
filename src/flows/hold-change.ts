import { heldEnd } from '../domain/held/held-comment.ts';
import { type HeldRecord, heldForMs, type Plan, plannedFile } from '../domain/held/plan.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import type { ReviewReason } from '../domain/held/review-reason.ts';
import { fullName } from '../domain/repository.ts';
import { closeTracking } from './close-tracking.ts';
import { mayWrite } from './fence-guard.ts';
import { commentDigest, planHash } from './plan-hash.ts';
import type { PublishReport, PublishRun, ReadyChange } from './publish-run.ts';
import { readBackComment } from './read-back.ts';
import { sweepHeld } from './sweep-held.ts';
import { writeCommit } from './write-commit.ts';

/**
 * A change that kept all hard rules and touches what a person approves first: it becomes a commit that no branch points to, and
 * the comment shows what would be published. The comment comes before the ref, whose record says how the comment reads.
 */
export async function holdChange(
  run: PublishRun,
  change: ReadyChange,
  reasons: readonly ReviewReason[],
): Promise<PublishReport> {
  const { forge, task, clock } = run;
  const plan = planOf(run, change, reasons);
  const hash = planHash(plan);
  await mayWrite(run, 'commit');
  const commit = await writeCommit(run, change);

  await mayWrite(run, 'close');
  const end = heldEnd(plan, { hash, change: commit, issueUrl: task.links.issue });
  const { comment, body, told } = await closeTracking({ ...run, result: change.result, end });
  if (told === 'withheld') {
    const reason = 'What was to be shown for approval seems to hold a secret; nothing is held.';
    return {
      outcome: 'failed',
      reason,
      error: { code: 'E602', message: reason, fix: 'if the agent could see a real secret, revoke it' },
    };
  }
  const record: HeldRecord = {
    schema: 1,
    plan,
    change: commit,
    comment: { id: comment.id, digest: commentDigest(body) },
  };
  await mayWrite(run, 'hold');
  await forge.held.write(task.issue.number, { change: commit, text: JSON.stringify(record) });
  await readBackComment(run, comment, body);
  run.log(`held for approval: plan ${shownPlan(hash)}, commit ${commit}`);
  await sweepHeld(forge, { except: task.issue.number, now: clock.now(), log: run.log });
  return {
    outcome: 'needs_info',
    reason: heldReason(hash, reasons),
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

function planOf(
  { task, clock }: PublishRun,
  { result, manifest }: ReadyChange,
  reasons: readonly ReviewReason[],
): Plan {
  const { patch: _patch, ...rest } = result;
  const { files, base, treeSha } = manifest;
  return {
    schema: 1,
    repository: fullName(task.repository),
    issue: task.issue.number,
    runId: task.runId,
    fence: task.lease.fence,
    role: task.agent.role,
    askedBy: task.requestedBy.login,
    base: task.base,
    ...(task.continues && { continues: task.continues }),
    patch: { schema: 1, base, treeSha, files: files.map(plannedFile) },
    reasons,
    result: rest,
    expiresAt: clock.now() + heldForMs,
  };
}
