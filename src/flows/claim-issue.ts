import { overBudget } from '../domain/budget-shortage-text.ts';
import type { ClaimRecord } from '../domain/claim.ts';
import { claimPlace } from '../domain/claim-place.ts';
import { nothing } from '../domain/coordination/amounts.ts';
import { isWorthWaiting } from '../domain/dispatch/worth-waiting.ts';
import { describeError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { marker } from '../domain/markers.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import { isQuiet } from '../domain/request-cause.ts';
import { hiddenIn } from '../domain/sanitise/readable-issue.ts';
import { stepWaitsOn } from '../domain/team-answers.ts';
import { renderTrackingComment, trackingOp } from '../domain/tracking-comment.ts';
import { tellMerge } from './address/merge-told.ts';
import { closeRun, closeTrackingComment } from './close-run.ts';
import { recordAdmission } from './coordinated-run.ts';
import { standInLine } from './dispatch/stand-in-line.ts';
import { waitFirst } from './dispatch/wait-first.ts';
import { finishEnded } from './finish-ended.ts';
import type { Admission, Gate, ReadyWork, RefusalReason } from './gate.ts';
import { gateReservation } from './gate-reservation.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { type ClaimedRun, makeTask } from './make-task.ts';
import { commentOnce } from './marked-comment.ts';
import { refuse } from './refuse.ts';
import { beginTurn, giveWay, storeTurn } from './team-turn.ts';
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
  const heldUp = turn && (await giveWay(gate, turn, signal));
  if (heldUp?.kind === 'no') return { kind: 'ignored', reason: heldUp.why };
  // Publishing what is held uses no model, so it is not for any budget to hinder.
  const reserve = work.approved === undefined ? await gateReservation(gate, work) : undefined;
  const waits = await waitFirst(gate, work, { key, runId, reserve });
  if (waits !== undefined) return waits;

  const acquired = await claims.acquire({
    key,
    holder: {
      owner: `${role}/${runId}`,
      runId,
      kind: 'agent',
      reason: `${command.name} on ${whatOf(work)}, asked for by ${request.sender.login}`,
      askedBy: request.sender.login,
      ...(work.keep && { approval: work.keep }),
      ...(gate.workflowRun && { workflowRun: gate.workflowRun }),
    },
    leaseId,
    ttlMs: gate.leaseMs ?? (limitsOf(work).budget.maxMinutes + leaseMarginMinutes) * 60_000,
    ...(reserve && { reserve }),
    holderIsDead: (record) => isDead(gate, record),
  });
  const phrase = request.settings.triggerPhrase;
  if (acquired.kind === 'refused') {
    return refuseWork(gate, work, { reason: 'claimed', text: answers.taken(acquired.record, phrase) });
  }
  if (acquired.kind === 'over-budget') {
    const { budget, limit, asked: needs } = acquired.shortage;
    const passes = isWorthWaiting(acquired.shortage);
    if (gate.waiting !== undefined && passes) {
      return standInLine(gate, gate.waiting, { work, key, runId, line: budget.key, limit, needs });
    }
    const text = overBudget(acquired.shortage, phrase);
    return refuseWork(gate, work, { reason: passes ? 'no-room' : 'budget', text });
  }

  const { lease, stolenFrom } = acquired;
  try {
    const begun = turn && (await beginTurn(gate, turn, { runId, fence: lease.fence }));
    if (begun?.kind === 'lost') {
      await claims.release(lease, nothing);
      return { kind: 'ignored', reason: 'another run has begun this step of the team' };
    }
    const step = begun?.step;
    const trackingComment = await openTrackingComment(gate, work, { runId, role, lease });
    if (stolenFrom !== undefined) await closeDeadRun(gate, stolenFrom);
    const task = makeTask(gate, work, { runId, role, lease, trackingComment, step });
    if (request.cause?.kind === 'base') await tellMerge(gate.forge, task);
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

/**
 * Of what somebody typed nothing is left: they were told so, and ask again. What a machine or a remark told stays told, for nobody
 * would say it again: its step is asked for later.
 */
async function refuseWork(
  gate: Gate,
  { request, turn }: ReadyWork,
  refusal: { readonly reason: RefusalReason; readonly text: string },
): Promise<Admission> {
  if (turn?.by.kind === 'event' && isQuiet(request.cause)) await storeTurn(gate, turn);
  const goesOn = turn?.by.kind === 'stored' && !isQuiet(request.cause);
  const phrase = request.settings.triggerPhrase;
  const text = goesOn ? `${refusal.text} ${stepWaitsOn(phrase)}` : refusal.text;
  return refuse(gate, request, { ...refusal, text });
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
    ...(work.goesOn !== undefined && { goesOn: work.goesOn }),
    ...(work.brief?.omitted && { omitted: work.brief.omitted }),
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

/** What a dead run said that it used is booked, before its claim is taken from it. */
async function isDead(gate: Gate, record: ClaimRecord): Promise<boolean> {
  const { books, claims, clock } = gate;
  const dead = await holderIsDead(gate, record);
  if (dead && books !== undefined) await finishEnded({ ...books, claims, clock }, record, 'gate');
  return dead;
}
