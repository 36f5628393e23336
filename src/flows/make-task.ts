import type { Lease } from '../domain/claim.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { taskRole } from '../domain/roles/role.ts';
import type { Task } from '../domain/task.ts';
import type { Gate, ReadyWork } from './gate.ts';
import { limitsOf, networkOf } from './work-limits.ts';

export interface ClaimedRun {
  readonly runId: string;
  readonly role: string;
  readonly lease: Lease;
}

export interface OpenedRun extends ClaimedRun {
  readonly trackingComment: CommentSnapshot;
  readonly step: string | undefined;
}

/** Everything that agent and publisher may know of the run, bound to the moment of its admission. */
export function makeTask(gate: Gate, work: ReadyWork, run: OpenedRun): Task {
  const { request, command, issue, base, continues, approved } = work;
  const { settings, sender, permission } = request;
  const limits = limitsOf(work);
  const { tools } = limits;
  return {
    schema: 1,
    runId: run.runId,
    attempt: gate.workflowRun?.attempt ?? 1,
    agent: {
      id: `${run.role}/${run.runId}`,
      role: run.role,
      version: gate.version,
      model: work.model,
    },
    work: work.work,
    role: taskRole(work.role),
    repository: gate.forge.repository,
    issue,
    command,
    requestedBy: { login: sender.login, permission },
    base,
    ...(continues && { continues }),
    ...(approved && { approved }),
    ...(work.pull && { pull: work.pull }),
    ...(work.brief && { brief: work.brief }),
    ...(work.follows && { follows: work.follows }),
    ...(work.unfinished && { unfinished: work.unfinished }),
    ...(work.triage && { triage: work.triage }),
    ...(run.step !== undefined && { step: run.step }),
    lease: run.lease,
    trackingCommentId: run.trackingComment.id,
    budget: limits.budget,
    patchPolicy: limits.patchPolicy,
    ...(tools && { tools }),
    ...(settings.setup !== undefined && approved === undefined && { setupCommand: settings.setup }),
    ...(settings.test !== undefined && { testCommand: settings.test }),
    instructions: work.instructions,
    ...(settings.prompt !== undefined && { prompt: settings.prompt }),
    network: networkOf(work),
    env: settings.sandboxEnv,
    prices: settings.prices,
    draft: settings.draft,
    merge: settings.merge,
    branchPrefix: settings.branchPrefix,
    labelTrigger: settings.labelTrigger,
    ...(settings.requiredSandbox !== undefined && { sandboxRequired: settings.requiredSandbox }),
    links: { issue: issue.url, ...(gate.workflowRun && { workflowRun: gate.workflowRun.url }) },
    ...(gate.dispatch && { traceparent: gate.dispatch.traceparent }),
    githubRequests: Object.values(gate.forge.requestCounts()).reduce((sum, count) => sum + count, 0),
    admittedAt: gate.clock.now(),
  };
}
