import { issueBranchPrefix, parseBranchName } from '../../domain/branch-name.ts';
import { type ClaimKey, issueClaimKey, pullClaimKey } from '../../domain/claim.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { parseMarkers } from '../../domain/markers.ts';
import { isAtLeast } from '../../domain/permission.ts';
import { defaultSettings } from '../../domain/settings.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { PendingStep, TeamRecord } from '../../domain/stages/team-record.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import { changeTeam } from './change-team.ts';
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
  const { state, issue, pullRequest } = record;
  if (state.kind === 'over' || state.kind === 'closing') return undefined;
  const { forge, clock } = room;
  if ((await forge.issue(issue)).state === 'closed') return { kind: 'issue-closed' };
  if (pullRequest !== undefined && state.kind === 'waiting') {
    const pull = await forge.pullRequest(pullRequest);
    if (pull?.state === 'closed') return { kind: 'pull-closed', pullRequest, merged: pull.merged };
  }
  switch (state.kind) {
    case 'pending':
      return clock.now() - state.step.askedAt < patienceWith(state.step, afterMs)
        ? undefined
        : { kind: 'overdue', step: state.step.id };
    case 'running':
      return (await isAlive(room, record, state)) ? undefined : leftBy(room, record, state);
    case 'waiting':
      if (state.for === 'blockers') {
        return (await areClosed(room, record, state.on ?? [])) ? { kind: 'blockers-closed' } : undefined;
      }
      return state.for === 'answer' && (await isAnswered(room, record)) ? { kind: 'answered' } : undefined;
    default:
      return state satisfies never;
  }
}

/** Who stands in line for a budget is woken from there; only a line that has lost it needs anybody else. */
function patienceWith({ asks, heldBack }: PendingStep, afterMs: number): number {
  return heldBack?.place === 'in-line' && heldBack.asks === asks ? lineLostAfterMs : afterMs;
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

/** Looking at a pull request has a claim of its own. */
export function claimKeyOf({ forge }: Pick<TeamRoom, 'forge'>, { stage, issue, pullRequest }: TeamRecord): ClaimKey {
  const { owner, name } = forge.repository;
  if (pullRequest !== undefined && stage === 'review') return pullClaimKey(owner, name, pullRequest, 'review');
  if (pullRequest !== undefined && stage === 'test') return pullClaimKey(owner, name, pullRequest, 'verification');
  return issueClaimKey(owner, name, issue);
}

/** A coder that died after its change was published, and before it could say so, has done its work. */
async function leftBy(room: TeamRoom, record: TeamRecord, { runId, fence }: Running): Promise<TeamEvent> {
  const { stage, issue, pullRequest } = record;
  const { forge } = room;
  if (stage === 'code' || stage === 'address') {
    const pull =
      pullRequest === undefined ? await openedBy(room, { issue, fence }) : await forge.pullRequest(pullRequest);
    const told = pull !== undefined && pull.state === 'open' && (await isMarked(room, pull, runId));
    if (told) {
      return {
        kind: 'ended',
        runId,
        result: { kind: 'changed', pullRequest: pull.number, headSha: pull.headSha, answers: [] },
      };
    }
  }
  return { kind: 'dead', runId };
}

/** The open pull request of the branch that carries this fence. */
async function openedBy(
  { forge, branchPrefix = defaultSettings.branchPrefix }: TeamRoom,
  { issue, fence }: { readonly issue: number; readonly fence: number },
): Promise<PullRequestInfo | undefined> {
  const branches = await forge.branchesWithPrefix(issueBranchPrefix(branchPrefix, issue));
  const own = branches.find(({ name }) => parseBranchName(branchPrefix, name)?.fence === fence);
  return own === undefined ? undefined : (await forge.openPullRequests(own.name))[0];
}

/** The pull request, or a comment on it, says that this run wrote it. */
async function isMarked(
  { forge }: TeamRoom,
  pull: { readonly number: number; readonly body: string },
  runId: string,
): Promise<boolean> {
  const texts = [pull.body, ...(await forge.comments(pull.number)).map(({ body }) => body)];
  return texts.some((text) => parseMarkers(text).some(({ run }) => run === runId));
}

/** Other issues are closed, or the teams that held this one up work no more. */
async function areClosed(room: TeamRoom, record: TeamRecord, on: readonly number[]): Promise<boolean> {
  if (record.stage === 'code') return (await makeWay(room, record)).length === 0;
  for (const issue of on) if ((await room.forge.issue(issue)).state !== 'closed') return false;
  return true;
}

/** By whoever asked for the work, or somebody who may write: a stranger's word starts nothing. */
async function isAnswered({ forge }: TeamRoom, { issue, history, askedBy }: TeamRecord): Promise<boolean> {
  const since = history.at(-1)?.at ?? 0;
  const later = (await forge.comments(issue)).filter(({ createdAt, body }) => {
    const ours = parseMarkers(body.split('\n', 1)[0] ?? '').length > 0;
    return !ours && Date.parse(createdAt) > since;
  });
  for (const author of new Set(later.map((comment) => comment.author))) {
    if (author.toLowerCase() === askedBy.toLowerCase()) return true;
    if (isAtLeast(await forge.permissionOf(author), 'write')) return true;
  }
  return false;
}
