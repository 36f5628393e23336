import { describeError, EntropyError } from '../../domain/error.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { PendingStep, TeamRecord } from '../../domain/stages/team-record.ts';
import { changeTeam } from './change-team.ts';
import { claimKeyOf } from './claim-key.ts';
import { closedBy, issueState } from './closed-by.ts';
import { endWork } from './end-work.ts';
import { findAnswer } from './find-answer.ts';
import { leftBy } from './left-by.ts';
import { makeWay } from './make-way.ts';
import { performTeam } from './perform-team.ts';
import type { TeamRoom } from './team-room.ts';
import { tellTeam } from './tell-team.ts';

/** A step that was asked for is begun within a minute or two; GitHub may keep runs waiting longer on a busy day. */
export const askAgainAfterMs = 10 * 60_000;

const lineLostAfterMs = 12 * 60 * 60_000;

export interface RecoveredTeam {
  readonly issue: number;
  /** What was found and told; `as-it-is` when nothing was to be done. */
  readonly what: TeamEvent['kind'] | 'done-again' | 'as-it-is' | 'fault';
}

/**
 * Looks at every team that is not over, as it is and not as it was heard: steps that nobody began are asked for again, dead runs
 * are tried again, waits that are over end, and what was left undone after a kill is done. Each by itself: a fault with one
 * stops no other. For a gate between two events, a sweeper, a schedule.
 */
export async function recoverTeams(
  room: TeamRoom,
  signal: AbortSignal,
  { afterMs = askAgainAfterMs }: { readonly afterMs?: number } = {},
): Promise<readonly RecoveredTeam[]> {
  const all: RecoveredTeam[] = [];
  for (const issue of await room.forge.team.issues()) {
    signal.throwIfAborted();
    try {
      all.push(await recoverTeam(room, issue, { signal, afterMs }));
    } catch (error) {
      if (!(error instanceof EntropyError)) throw error;
      room.log(`team on #${issue}: could not be looked after: ${describeError(error)}`);
      all.push({ issue, what: 'fault' });
    }
  }
  return all;
}

/** The same for one issue. */
export async function recoverTeam(
  room: TeamRoom,
  issue: number,
  { signal, afterMs = askAgainAfterMs }: { readonly signal: AbortSignal; readonly afterMs?: number },
): Promise<RecoveredTeam> {
  const stored = await room.forge.team.read(issue);
  if (stored === undefined) return { issue, what: 'as-it-is' };
  const { record } = stored;
  const event = await eventFor(room, record, afterMs);
  if (event !== undefined) {
    // First: who is killed in between is followed by somebody who still finds it running.
    if (isClosing(event)) await endWork(room, record, reasonOf(event));
    const change = await changeTeam(room, issue, event);
    if (change.kind !== 'changed') return { issue, what: 'as-it-is' };
    room.log(`team on #${issue}: ${event.kind}`);
    await performTeam(room, change.record, signal);
    return { issue, what: event.kind };
  }
  // What was asked for is not asked for again before its time; all else may be done twice.
  const { kind } = record.state;
  if (kind === 'over') return { issue, what: 'as-it-is' };
  if (kind === 'pending' || kind === 'running') await tellTeam(room, record);
  else await performTeam(room, record, signal);
  return { issue, what: 'done-again' };
}

/** What there is to tell about a team that nobody told it. */
async function eventFor(room: TeamRoom, record: TeamRecord, afterMs: number): Promise<TeamEvent | undefined> {
  const { state } = record;
  if (state.kind === 'over' || state.kind === 'closing') return undefined;
  const { forge, clock } = room;
  const closed = await closedBy(forge, record);
  if (closed !== undefined) return closed;
  switch (state.kind) {
    case 'pending':
      return clock.now() - state.step.askedAt < patienceWith(state.step, afterMs)
        ? undefined
        : { kind: 'overdue', step: state.step.id };
    case 'running':
      return (await isAlive(room, record, state)) ? undefined : leftBy(room, record, state);
    case 'waiting':
      if (state.for === 'blockers') return afterBlockers(room, record, state.on ?? []);
      return state.for === 'answer' ? findAnswer(room, record) : undefined;
    default:
      return state satisfies never;
  }
}

/** Who stands in line for a budget is woken from there; only a line that has lost it needs anybody else. */
function patienceWith({ asks, heldBack }: PendingStep, afterMs: number): number {
  return heldBack?.place === 'in-line' && heldBack.asks === asks ? lineLostAfterMs : afterMs;
}

type Closing = Extract<TeamEvent, { readonly kind: 'issue-closed' | 'pull-closed' }>;

function isClosing(event: TeamEvent): event is Closing {
  return event.kind === 'issue-closed' || event.kind === 'pull-closed';
}

function reasonOf(event: Closing): string {
  if (event.kind === 'issue-closed') return 'The issue was closed.';
  return `Pull request #${event.pullRequest} was ${event.merged ? 'merged' : 'closed'}.`;
}

type Running = Extract<TeamRecord['state'], { readonly kind: 'running' }>;

/** It holds its claim, and nobody says that it is dead. Who has given the claim back has told its end, or died over it. */
async function isAlive(room: TeamRoom, record: TeamRecord, { runId }: Running): Promise<boolean> {
  const claim = await room.claims.read(claimKeyOf(room, record));
  if (claim?.state !== 'held' || claim.holder.runId !== runId) return false;
  const lapsed = claim.expiresAt + leaseMarginMs < room.clock.now();
  return !lapsed && !(await room.holderIsDead(claim));
}

/** Publishers end a moment after their lease at the latest. */
const leaseMarginMs = 60_000;

/** Other issues are closed or gone, or the teams that held this one up work no more. */
async function afterBlockers(
  room: TeamRoom,
  record: TeamRecord,
  on: readonly number[],
): Promise<TeamEvent | undefined> {
  if (record.stage === 'code')
    return (await makeWay(room, record)).length === 0 ? { kind: 'blockers-closed' } : undefined;
  const gone: number[] = [];
  for (const issue of on) {
    const state = await issueState(room.forge, issue);
    if (state === 'open') return undefined;
    if (state === 'gone') gone.push(issue);
  }
  return { kind: 'blockers-closed', ...(gone.length > 0 && { gone }) };
}
