import { heldEnd } from '../domain/held/held-comment.ts';
import { type HeldRecord, heldForMs, type Plan } from '../domain/held/plan.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import { fullName } from '../domain/repository.ts';
import type { RunResult } from '../domain/run-result.ts';
import { closeTracking } from './close-tracking.ts';
import { mayWrite } from './fence-guard.ts';
import { commentDigest, planHash } from './plan-hash.ts';
import type { PublishReport, PublishRun } from './publish-run.ts';
import { readBackComment } from './read-back.ts';
import { sweepHeld } from './sweep-held.ts';

export interface PlanToHold {
  readonly plan: Plan;
  /** The commit that it is about: of the change, or the one that words were made on. */
  readonly change: string;
  readonly result: RunResult;
}

/**
 * The comment shows the plan, and the hidden ref holds it, in this order: its record says how the comment reads. `withheld`:
 * it would have told a secret, and nothing is held.
 */
export async function holdPlan(
  run: PublishRun,
  { plan, change, result }: PlanToHold,
): Promise<
  | { readonly kind: 'held'; readonly hash: string; readonly url: string }
  | { readonly kind: 'withheld'; readonly report: PublishReport }
> {
  const { forge, task, clock } = run;
  const hash = planHash(plan);
  await mayWrite(run, 'close');
  const end = heldEnd(plan, { hash, change, issueUrl: task.links.issue });
  const { comment, body, told } = await closeTracking({ ...run, result, end });
  if (told === 'withheld') {
    const reason = 'What was to be shown for approval seems to hold a secret; nothing is held.';
    const error = { code: 'E602', message: reason, fix: 'if the agent could see a real secret, revoke it' } as const;
    return { kind: 'withheld', report: { outcome: 'failed', reason, error } };
  }
  const record: HeldRecord = {
    schema: 1,
    plan,
    change,
    comment: { id: comment.id, digest: commentDigest(body) },
  };
  await mayWrite(run, 'hold');
  await forge.held.write(task.issue.number, { change, text: JSON.stringify(record) });
  await readBackComment(run, comment, body);
  run.log(`held for approval: plan ${shownPlan(hash)}, commit ${change}`);
  await sweepHeld(forge, { except: task.issue.number, now: clock.now(), log: run.log });
  return { kind: 'held', hash, url: `${task.links.issue}#issuecomment-${comment.id}` };
}

/** What every plan says of the run that made it. */
export function planFrame({ task, clock }: PublishRun) {
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
    expiresAt: clock.now() + heldForMs,
  } as const;
}
