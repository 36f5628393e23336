import type { Command } from '../domain/command.ts';
import { taken } from '../domain/gate-answers.ts';
import { looksAtChecks } from '../domain/stages/looks-at-checks.ts';
import { asksToBeTaken } from '../domain/stages/taken-as-is.ts';
import type { TeamEvent } from '../domain/stages/team-event.ts';
import type { TeamRecord } from '../domain/stages/team-record.ts';
import { statusOfTeam, teamWaits } from '../domain/team-answers.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import { tooEarly } from './address/checks-ended.ts';
import { askForChangeSet } from './change-set/ask-change-set.ts';
import { conversationOf } from './claims-of-conversation.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { answer, refuse } from './refuse.ts';
import { startWork } from './start-work.ts';
import { lookAtChecks } from './team/look-at-checks.ts';
import { performTeam } from './team/perform-team.ts';
import { tellTeamEvent } from './team/tell-event.ts';
import { commandOfTurn, firstTurn, teamRoom, turnAfter, turnOfRun } from './team-turn.ts';
import type { TeamTurn } from './turn.ts';
import { withWorkflowRun } from './with-workflow-run.ts';

/**
 * `fix` and `retry`: one agent that changes code, or the next step of the team where the repository has one. Who names a role or
 * a base sends that one agent alone.
 */
export async function startFix(
  gate: Gate,
  request: PermittedRequest,
  command: Command,
  signal: AbortSignal,
): Promise<Admission> {
  const { settings, issueNumber, cause } = request;
  const { role, base } = command.options;
  const alone = role !== undefined || base !== undefined;
  const set = alone ? undefined : await askForChangeSet(gate, request, command);
  if (set !== undefined) return set;
  if (settings.teamStages.length === 0 || alone) {
    const early = await notYet(gate, cause);
    return early ?? startWork(gate, request, command, { signal });
  }

  const { branchPrefix, triggerPhrase } = settings;
  const isPullRequest = request.isPullRequest ?? (await gate.forge.issue(issueNumber)).isPullRequest;
  const place = await conversationOf(gate.forge, { number: issueNumber, isPullRequest, branchPrefix });
  // Of a pull request that no agent made there is no team, and the answer is the same as without one.
  const team = place.issue === undefined ? undefined : await gate.forge.team.read(place.issue);
  const goes = (turn: TeamTurn): Promise<Admission> =>
    startWork(gate, request, commandOfTurn(turn, command), { turn, signal });
  const isToldOfPull = cause?.kind === 'checks' || cause?.kind === 'base';
  if (team === undefined || team.record.state.kind === 'over') {
    // What a person or a check says about a pull request is for its coder; a new team would read the issue first.
    const early = await notYet(gate, cause);
    if (early !== undefined) return early;
    const isAboutPull = isPullRequest || isToldOfPull || place.issue === undefined;
    return isAboutPull
      ? startWork(gate, request, command, { signal, ...(team && { sentBack: team }) })
      : goes(firstTurn(gate, request, place.issue));
  }
  // Who looks at checks looks at the base as well.
  if (cause?.kind === 'checks' || (cause?.kind === 'base' && looksAtChecks(team.record))) {
    return afterChecks(gate, team, goes, signal);
  }
  if (cause?.kind === 'base') {
    return rests(team.record)
      ? startWork(gate, request, command, { sentBack: team, signal })
      : { kind: 'ignored', reason: 'the team is at work, and looks at its base itself' };
  }
  const remark = cause?.kind === 'review' || cause?.kind === 'line-comment';
  const waits = rests(team.record) || (remark && waitsForOthers(team.record));
  if (remark && team.record.state.kind === 'pending' && !waits) {
    return { kind: 'ignored', reason: "the team's coder is told of it when it begins" };
  }
  // To go past checks that never end, or to take a change that no test speaks for, is a word to the team, wherever it is said.
  const { record } = team;
  const goesPast =
    cause === undefined && ((record.unended !== undefined && looksAtChecks(record)) || asksToBeTaken(record));
  if (isPullRequest && waits && !goesPast) return startWork(gate, request, command, { sentBack: team, signal });

  const ours = turnOfRun(team, gate.dispatch?.runId);
  if (ours !== undefined) return goes(ours);
  const busy = await runAtWork(gate, place.keys, team);
  if (busy !== undefined) return refuse(gate, request, { reason: 'claimed', text: taken(busy, triggerPhrase) });
  const turn = turnAfter(gate, team, eventOf(team, request));
  if (turn !== undefined) return goes(turn);
  const after = goesPast ? await goOnWithout(gate, request, { team, signal }) : undefined;
  return after ?? refuse(gate, request, { reason: 'team', text: teamWaits(team.record, triggerPhrase) });
}

/** A check that ended is no reason yet, or none at all. */
async function notYet({ forge }: Gate, cause: PermittedRequest['cause']): Promise<Admission | undefined> {
  const reason = cause?.kind === 'checks' ? await tooEarly(forge.checks, cause) : undefined;
  return reason === undefined ? undefined : { kind: 'ignored', reason };
}

/** One that calls its pull request ready may be sent back until it is over, and then as well. */
function rests({ state }: TeamRecord): boolean {
  return state.kind === 'waiting' || (state.kind === 'closing' && state.how === 'ready');
}

/** Before somebody looks at the change, and while its coder is waited for, a remark is the coder's. */
function waitsForOthers({ state, stage }: TeamRecord): boolean {
  return state.kind === 'pending' && (stage === 'test' || stage === 'review' || stage === 'address');
}

/** What a person's word means where the team stands; undefined: its step waits already. */
function eventOf({ record }: StoredTeamRecord, { sender, cause }: PermittedRequest): TeamEvent | undefined {
  const { state } = record;
  switch (state.kind) {
    case 'pending':
      return undefined;
    case 'running':
      return { kind: 'dead', runId: state.runId };
    case 'waiting':
      if (state.for === 'answer') return { kind: 'answered' };
      return cause?.kind === 'answer' ? undefined : { kind: 'resumed', by: sender.login };
    default:
      return { kind: 'resumed', by: sender.login };
  }
}

/** No run follows: what has not ended by now is not waited for any more. */
async function goOnWithout(
  gate: Gate,
  request: PermittedRequest,
  { team, signal }: { readonly team: StoredTeamRecord; readonly signal: AbortSignal },
): Promise<Admission | undefined> {
  const event = { kind: 'resumed', by: request.sender.login } as const;
  const after = await tellTeamEvent(teamRoom(gate), team.record.issue, { event, signal });
  return after && answer(gate, request, { what: 'status', text: statusOfTeam(after) });
}

/** Of a team whose run lives: the claim that it holds. */
async function runAtWork(gate: Gate, keys: readonly string[], { record }: StoredTeamRecord) {
  const { state } = record;
  if (state.kind !== 'running') return undefined;
  for (const key of keys) {
    const read = await gate.claims.read(key);
    const claim = read && (await withWorkflowRun(gate.books?.runs, read, 'any'));
    const isIts = claim?.state === 'held' && claim.holder.runId === state.runId;
    if (claim !== undefined && isIts && !(await holderIsDead(gate, claim))) return claim;
  }
  return undefined;
}

/** A check of the team's own pull request has ended: all of them are looked at, and what they say may be the coder's turn. */
async function afterChecks(
  gate: Gate,
  team: StoredTeamRecord,
  goes: (turn: TeamTurn) => Promise<Admission>,
  signal: AbortSignal,
): Promise<Admission> {
  const ours = turnOfRun(team, gate.dispatch?.runId);
  if (ours !== undefined) return goes(ours);
  if (!looksAtChecks(team.record)) {
    return { kind: 'ignored', reason: 'the team does not wait for checks' };
  }
  const room = teamRoom(gate);
  const record = await lookAtChecks(room, team.record, signal);
  if (record === undefined) return { kind: 'ignored', reason: 'not all checks have ended' };
  const stored = await gate.forge.team.read(team.record.issue);
  const turn = stored && turnAfter(gate, stored);
  if (turn !== undefined) return goes(turn);
  const after = await performTeam(room, record, signal);
  return { kind: 'ignored', reason: `the team is at ${after.stage} now` };
}
