import { overBudget } from '../domain/budget-shortage-text.ts';
import type { ClaimRecord, Lease } from '../domain/claim.ts';
import { claimPlace } from '../domain/claim-place.ts';
import { nothing } from '../domain/coordination/amounts.ts';
import { isWorthWaiting } from '../domain/dispatch/worth-waiting.ts';
import { describeError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { marker } from '../domain/markers.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import { hiddenIn } from '../domain/sanitise/readable-issue.ts';
import { renderTrackingComment, trackingOp } from '../domain/tracking-comment.ts';
import { closeRun, closeTrackingComment } from './close-run.ts';
import { recordAdmission } from './coordinated-run.ts';
import { inLineBefore, standInLine } from './dispatch/stand-in-line.ts';
import type { Admission, Gate, ReadyWork } from './gate.ts';
import { gateReservation } from './gate-reservation.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { type ClaimedRun, makeTask } from './make-task.ts';
import { commentOnce } from './marked-comment.ts';
import { refuse } from './refuse.ts';
import { beginTurn, prepareTurn } from './team-turn.ts';
import type { TeamTurn } from './turn.ts';
import { claimKeyOfWork, limitsOf } from './work-limits.ts';

/** Set-up, publishing and the time that jobs wait for a runner, besides the minutes that the agent may work. */
export const leaseMarginMinutes = 30;

/** Takes the claim, opens the tracking comment, and makes the task. */
export async function claimIssue(gate: Gate, work: ReadyWork, signal: AbortSignal): Promise<Admission> {
  const { claims } = gate;
  const { request, command, turn } = work;
  const role = work.role.name;
  const { runId, leaseId } = gate.dispatch ?? { runId: gate.newId(), leaseId: gate.newId() };
  const key = claimKeyOfWork(gate, work);
  const prepared = turn && (await prepareTurn(gate, turn, { runId, signal }));
  if (prepared?.kind === 'no') return { kind: 'ignored', reason: prepared.why };
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
      reason: `${command.name} on ${whatOf(work)}, asked for by ${request.sender.login}`,
      askedBy: request.sender.login,
      ...(gate.workflowRun && { workflowRun: gate.workflowRun }),
    },
    leaseId,
    ttlMs: gate.leaseMs ?? (limitsOf(work).budget.maxMinutes + leaseMarginMinutes) * 60_000,
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
  const step = prepared?.step;
  try {
    const isBegun = turn === undefined || step === undefined || (await beginsTurn(gate, turn, { step, runId, lease }));
    if (!isBegun) {
      await claims.release(lease, nothing);
      return { kind: 'ignored', reason: 'another run has begun this step of the team' };
    }
    const trackingComment = await openTrackingComment(gate, work, { runId, role, lease });
    if (stolenFrom !== undefined) await closeDeadRun(gate, stolenFrom);
    const task = makeTask(gate, work, { runId, role, lease, trackingComment, step });
    if (gate.books !== undefined) {
      const { workflowRun, dispatch } = gate;
      const of = { ...(workflowRun && { workflowRun }), ...(dispatch && { traceparent: dispatch.traceparent }) };
      await recordAdmission({ ...gate, books: gate.books }, task, of);
    }
    return { kind: 'admitted', task, trackingComment };
  } catch (error) {
    if (gate.dispatch !== undefined) throw error;
    // Without a task nobody would ever close it; the fault itself is what the caller has to see.
    const run = { issue: work.place.number, runId, role, lease };
    const end = { kind: 'failed', reason: 'The gate failed before the work began.', next: 'Try again.' } as const;
    await closeRun(gate, run, end).catch((second: unknown) => {
      gate.log(`run ${runId} could not be closed: ${describeError(second)}`);
    });
    throw error;
  }
}

function whatOf({ pull, issue }: ReadyWork): string {
  return pull === undefined ? `issue #${issue.number}` : `pull request #${pull.number}`;
}

async function beginsTurn(
  gate: Gate,
  turn: TeamTurn,
  { step, runId, lease }: { readonly step: string; readonly runId: string; readonly lease: Lease },
): Promise<boolean> {
  return (await beginTurn(gate, turn, { step, runId, fence: lease.fence })) === 'begun';
}

async function openTrackingComment(
  { forge, workflowRun, leaseMs }: Gate,
  work: ReadyWork,
  { runId, role, lease }: ClaimedRun,
): Promise<CommentSnapshot> {
  const { issue, place, approved } = work;
  const mark = { issue: place.number, fence: lease.fence, run: runId, op: trackingOp };
  const rendered = renderTrackingComment({
    role,
    issue: place.number,
    fence: lease.fence,
    runId,
    state: {
      kind: 'working',
      step: approved === undefined ? 'claimed' : 'publish',
      ...(leaseMs === undefined && { leaseExpiresAt: lease.expiresAt }),
    },
    ...(approved === undefined && { budget: limitsOf(work).budget }),
    hidden: hiddenIn(issue),
    ...(workflowRun && { log: workflowRun.url }),
  });
  const text = rendered.slice(marker(mark).length).trim();
  return (await commentOnce(forge, { mark, text, known: place.comments })).comment;
}

/** The run that held the claim died without a word: its comment must not say "working" for ever. */
async function closeDeadRun(gate: Gate, dead: ClaimRecord): Promise<void> {
  const { forge, log, books, clock } = gate;
  const reason = 'The run ended without closing this comment: it was killed, or it lost its runner.';
  const next = 'A new run has taken over.';
  const place = claimPlace(dead.key);
  if (place === undefined) return;
  const closed = await closeTrackingComment(forge, openRunOfClaim(dead, place.number), {
    kind: 'failed',
    reason,
    next,
  });
  const end = { to: 'failed', facts: { reason: 'killed, or lost its runner', endedAt: clock.now() } } as const;
  await books?.runs.change(dead.holder.runId, { ...end, actor: 'sweeper' });
  log(`run ${dead.holder.runId} died; its tracking comment: ${closed}`);
}
