import { overBudget } from '../domain/budget-shortage-text.ts';
import { type ClaimRecord, issueClaimKey, type Lease } from '../domain/claim.ts';
import { isWorthWaiting } from '../domain/dispatch/worth-waiting.ts';
import { describeError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { marker } from '../domain/markers.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import { taskRole } from '../domain/roles/role.ts';
import { taskNetwork } from '../domain/sandbox-network.ts';
import { hiddenIn } from '../domain/sanitise/readable-issue.ts';
import { patchPolicyOf, toolPolicyOf } from '../domain/settings.ts';
import type { Task } from '../domain/task.ts';
import { renderTrackingComment, trackingOp } from '../domain/tracking-comment.ts';
import { closeRun, closeTrackingComment } from './close-run.ts';
import { recordAdmission } from './coordinated-run.ts';
import { inLineBefore, standInLine } from './dispatch/stand-in-line.ts';
import type { Admission, Gate, ReadyWork } from './gate.ts';
import { gateReservation } from './gate-reservation.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { commentOnce } from './marked-comment.ts';
import { refuse } from './refuse.ts';

/** Set-up, publishing and the time that jobs wait for a runner, besides the minutes that the agent may work. */
export const leaseMarginMinutes = 30;

/** Takes the claim, opens the tracking comment, and makes the task. */
export async function claimIssue(gate: Gate, work: ReadyWork): Promise<Admission> {
  const { forge, claims } = gate;
  const { request, command, issue } = work;
  const { owner, name } = forge.repository;
  const role = work.role.name;
  const { runId, leaseId } = gate.dispatch ?? { runId: gate.newId(), leaseId: gate.newId() };
  const key = issueClaimKey(owner, name, issue.number);
  // Publishing what is held uses no model, so it is not for any budget to hinder.
  const reserve = work.approved === undefined ? await gateReservation(gate, work) : undefined;
  const before = reserve && gate.waiting && (await inLineBefore(gate, gate.waiting, { key, leaseId, reserve }));
  if (gate.waiting !== undefined && before !== undefined) {
    return standInLine(gate, gate.waiting, { work, key, runId, ...before });
  }

  const acquired = await claims.acquire({
    key,
    holder: {
      owner: `${role}/${runId}`,
      runId,
      kind: 'agent',
      reason: `${command.name} on issue #${issue.number}, asked for by ${request.sender.login}`,
      ...(gate.workflowRun && { workflowRun: gate.workflowRun }),
    },
    leaseId,
    ttlMs: gate.leaseMs ?? (work.budget.maxMinutes + leaseMarginMinutes) * 60_000,
    ...(reserve && { reserve }),
    holderIsDead: (record) => holderIsDead(gate, record),
  });
  if (acquired.kind === 'refused') {
    const text = answers.taken(acquired.record, request.settings.triggerPhrase);
    return refuse(gate, request, { reason: 'claimed', text });
  }
  if (acquired.kind === 'over-budget') {
    const { budget, limit, asked: needs } = acquired.shortage;
    if (gate.waiting !== undefined && isWorthWaiting(acquired.shortage)) {
      return standInLine(gate, gate.waiting, { work, key, runId, line: budget.key, limit, needs });
    }
    const text = overBudget(acquired.shortage, request.settings.triggerPhrase);
    return refuse(gate, request, { reason: 'budget', text });
  }

  const { lease, stolenFrom } = acquired;
  try {
    const trackingComment = await openTrackingComment(gate, work, { runId, role, lease });
    if (stolenFrom !== undefined) await closeDeadRun(gate, stolenFrom, issue.number);
    const task = taskOf(gate, work, { runId, role, lease, trackingComment });
    if (gate.books !== undefined) {
      const { workflowRun, dispatch } = gate;
      const of = { ...(workflowRun && { workflowRun }), ...(dispatch && { traceparent: dispatch.traceparent }) };
      await recordAdmission({ ...gate, books: gate.books }, task, of);
    }
    return { kind: 'admitted', task, trackingComment };
  } catch (error) {
    if (gate.dispatch !== undefined) throw error;
    // Without a task nobody would ever close it; the fault itself is what the caller has to see.
    const run = { issue: issue.number, runId, role, lease };
    const end = { kind: 'failed', reason: 'The gate failed before the work began.', next: 'Try again.' } as const;
    await closeRun(gate, run, end).catch((second: unknown) => {
      gate.log(`run ${runId} could not be closed: ${describeError(second)}`);
    });
    throw error;
  }
}

interface ClaimedRun {
  readonly runId: string;
  readonly role: string;
  readonly lease: Lease;
}

async function openTrackingComment(
  { forge, workflowRun, leaseMs }: Gate,
  { issue, comments, budget, approved }: ReadyWork,
  { runId, role, lease }: ClaimedRun,
): Promise<CommentSnapshot> {
  const mark = { issue: issue.number, fence: lease.fence, run: runId, op: trackingOp };
  const rendered = renderTrackingComment({
    role,
    issue: issue.number,
    fence: lease.fence,
    runId,
    state: {
      kind: 'working',
      step: approved === undefined ? 'claimed' : 'publish',
      ...(leaseMs === undefined && { leaseExpiresAt: lease.expiresAt }),
    },
    ...(approved === undefined && { budget }),
    hidden: hiddenIn(issue),
    ...(workflowRun && { log: workflowRun.url }),
  });
  const text = rendered.slice(marker(mark).length).trim();
  return (await commentOnce(forge, { mark, text, known: comments })).comment;
}

/** The run that held the claim died without a word: its comment must not say "working" for ever. */
async function closeDeadRun(gate: Gate, dead: ClaimRecord, issue: number): Promise<void> {
  const { forge, log, books, clock } = gate;
  const reason = 'The run ended without closing this comment: it was killed, or it lost its runner.';
  const next = 'A new run has taken over.';
  const closed = await closeTrackingComment(forge, openRunOfClaim(dead, issue), { kind: 'failed', reason, next });
  const end = { to: 'failed', facts: { reason: 'killed, or lost its runner', endedAt: clock.now() } } as const;
  await books?.runs.change(dead.holder.runId, { ...end, actor: 'sweeper' });
  log(`run ${dead.holder.runId} died; its tracking comment: ${closed}`);
}

function taskOf(gate: Gate, work: ReadyWork, run: ClaimedRun & { readonly trackingComment: CommentSnapshot }): Task {
  const { request, command, issue, base, continues, budget, approved } = work;
  const { settings, sender, permission } = request;
  const tools = toolPolicyOf(settings);
  return {
    schema: 1,
    runId: run.runId,
    attempt: gate.workflowRun?.attempt ?? 1,
    agent: {
      id: `${run.role}/${run.runId}`,
      role: run.role,
      version: gate.version,
      model: command.options.model ?? settings.model,
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
    ...(work.step !== undefined && { step: work.step }),
    lease: run.lease,
    trackingCommentId: run.trackingComment.id,
    budget,
    patchPolicy: patchPolicyOf(settings),
    ...(tools && { tools }),
    ...(settings.setup !== undefined && approved === undefined && { setupCommand: settings.setup }),
    ...(settings.test !== undefined && { testCommand: settings.test }),
    instructions: work.instructions,
    ...(settings.prompt !== undefined && { prompt: settings.prompt }),
    network: taskNetwork(settings),
    env: settings.sandboxEnv,
    prices: settings.prices,
    draft: settings.draft,
    merge: settings.merge,
    branchPrefix: settings.branchPrefix,
    ...(settings.requiredSandbox !== undefined && { sandboxRequired: settings.requiredSandbox }),
    links: { issue: issue.url, ...(gate.workflowRun && { workflowRun: gate.workflowRun.url }) },
    ...(gate.dispatch && { traceparent: gate.dispatch.traceparent }),
    githubRequests: Object.values(gate.forge.requestCounts()).reduce((sum, count) => sum + count, 0),
    admittedAt: gate.clock.now(),
  };
}
