import type { Outcome } from './outcome.ts';
import type { PassedOverRung } from './passed-over.ts';
import type { RunResult } from './run-result.ts';
import { hiddenIn } from './sanitise/readable-issue.ts';
import { conversationOf, type Task } from './task.ts';
import type { TrackingEnd } from './tracking-comment.ts';
import { takenUpText } from './unfinished/unfinished-text.ts';

/** What the tracking comment tells when nothing was published; `succeeded` is told by whoever delivered. */
export function endOf(result: RunResult, outcome: Exclude<Outcome, 'succeeded'>): TrackingEnd {
  const { reason } = result;
  switch (outcome) {
    case 'no_change':
      return { kind: 'no_change', reason };
    case 'needs_info':
      return result.questions === undefined || result.questions.length === 0
        ? { kind: 'needs_info', questions: [reason] }
        : { kind: 'needs_info', questions: result.questions };
    case 'blocked':
      return { kind: 'blocked', reason, next: 'When that is solved, comment `/agent retry`.' };
    case 'refused':
      return { kind: 'refused', reason };
    case 'over_budget': {
      const next = `${saved(result)} Go on with more: \`/agent retry --budget 5usd\`.`;
      return result.overLimit === undefined
        ? { kind: 'over_budget', reason, next }
        : { kind: 'over_budget', limit: result.overLimit, reason, next };
    }
    case 'cancelled':
      return { kind: 'stopped', reason };
    case 'failed':
      return { kind: 'failed', reason, next: `${saved(result)} \`/agent retry\` starts again.` };
    default:
      return outcome satisfies never;
  }
}

function saved(result: RunResult): string {
  return result.patch === undefined
    ? 'What was done is recorded in the artifact `entropy-result` of the workflow run.'
    : 'Nothing was published.';
}

/** Passed into the tracking comment with every end: what it cost and where it ran. */
export function trackingFacts(task: Task, result: RunResult | undefined) {
  return {
    role: task.agent.role,
    issue: conversationOf(task),
    fence: task.lease.fence,
    runId: task.runId,
    budget: task.budget,
    hidden: hiddenIn(task.issue),
    ...(task.brief?.omitted && { omitted: task.brief.omitted }),
    ...(result === undefined ? {} : { spend: result.spend, ...roomOf(result) }),
    ...(task.links.workflowRun === undefined ? {} : { log: task.links.workflowRun }),
    ...(task.unfinished && { goesOn: takenUpText({ ...task.unfinished, files: task.unfinished.patch.files.length }) }),
  };
}

/** Which sandbox it was and, where it was not the strongest one, why. */
export function roomOf({ sandbox }: RunResult): { sandbox: string; passedOver?: readonly PassedOverRung[] } {
  const { description, passedOver } = sandbox;
  return { sandbox: description, ...(passedOver === undefined ? {} : { passedOver }) };
}
