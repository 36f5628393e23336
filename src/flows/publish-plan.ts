import { heldEnd } from '../domain/held/held-comment.ts';
import type { WordPlan } from '../domain/held/plan.ts';
import { shownPlan } from '../domain/held/plan-name.ts';
import { visiblePlan } from '../domain/held/visible-plan.ts';
import { maxPlanText, planWords } from '../domain/held/word-plan-text.ts';
import { trackingFacts } from '../domain/outcome-text.ts';
import type { PlanReport } from '../domain/reports/plan-report.ts';
import type { RunResult } from '../domain/run-result.ts';
import { startingSha } from '../domain/task.ts';
import { renderTrackingComment } from '../domain/tracking-comment.ts';
import { holdPlan, planFrame } from './hold-plan.ts';
import { planHash } from './plan-hash.ts';
import { endAs, endBlocked, endDryRun } from './publish-end.ts';
import type { PublishReport, PublishRun } from './publish-run.ts';

/**
 * A plan in words waits on the issue until a person approves exactly it: the run's own comment shows all of it, and what is held
 * is what the comment shows, so that nobody says yes to words that they did not see.
 */
export async function publishPlan(run: PublishRun, result: RunResult, report: PlanReport): Promise<PublishReport> {
  const { task } = run;
  const visible = visiblePlan(report);
  if (visible.steps.length === 0) {
    const reason = 'The plan has no step, so there is nothing to approve.';
    return endAs(run, result, { kind: 'no_change', reason });
  }
  const plan: WordPlan = { ...planFrame(run), kind: 'plan', report: visible, model: result.model };
  if (!fits(run, result, plan)) {
    return endBlocked(run, result, {
      kind: 'blocked',
      code: 'E601',
      reason: `The plan is too long for one comment (${maxPlanText} characters), and nobody can approve what is not shown.`,
      next: 'Split the issue, or ask for less of it at once; then comment `/agent plan`.',
    });
  }
  if (run.dryRun) return endDryRun(run, result, `be held for approval as a plan of ${visible.steps.length} steps`);
  const held = await holdPlan(run, { plan, change: startingSha(task), result });
  if (held.kind === 'withheld') return held.report;
  return {
    outcome: 'needs_info',
    reason: `Planned; nothing is changed yet. To have it carried out, comment \`/agent approve ${shownPlan(held.hash)}\`.`,
    result,
    delivered: { kind: 'plan', url: held.url },
    stage: { kind: 'planned', hash: held.hash, paths: visible.steps.flatMap(({ paths }) => paths) },
  };
}

/** GitHub's comments hold 65,536 characters; what would be cut is not shown. */
function fits({ task }: PublishRun, result: RunResult, plan: WordPlan): boolean {
  const words = planWords(plan.report, task.issue.number).join('\n\n');
  const end = heldEnd(plan, { hash: planHash(plan), change: plan.base.sha, issueUrl: task.links.issue });
  const whole = renderTrackingComment({ ...trackingFacts(task, result), state: end });
  return words.length <= maxPlanText && whole.length <= 65_000;
}
