import type { Command } from '../domain/command.ts';
import { taken } from '../domain/gate-answers.ts';
import type { TeamEvent } from '../domain/stages/team-event.ts';
import { teamWaits } from '../domain/team-answers.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import { askForChangeSet } from './change-set/ask-change-set.ts';
import { conversationOf } from './claims-of-conversation.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { refuse } from './refuse.ts';
import { startWork } from './start-work.ts';
import { lookAtChecks } from './team/look-at-checks.ts';
import { performTeam } from './team/perform-team.ts';
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
  if (settings.teamStages.length === 0 || alone) return startWork(gate, request, command, { signal });

  const { branchPrefix, triggerPhrase } = settings;
  const isPullRequest = request.isPullRequest ?? (await gate.forge.issue(issueNumber)).isPullRequest;
  const place = await conversationOf(gate.forge, { number: issueNumber, isPullRequest, branchPrefix });
  // Of a pull request that no agent made there is no team, and the answer is the same as without one.
  const team = place.issue === undefined ? undefined : await gate.forge.team.read(place.issue);
  const goes = (turn: TeamTurn): Promise<Admission> =>
    startWork(gate, request, commandOfTurn(turn, command), { turn, signal });
  if (team === undefined || team.record.state.kind === 'over') {
    // What a person or a check says about a pull request is for its coder; a new team would read the issue first.
    if (cause?.kind === 'checks' && !cause.failed) return { kind: 'ignored', reason: 'no team waits for this check' };
    const isAboutPull = isPullRequest || cause?.kind === 'checks' || place.issue === undefined;
    return isAboutPull
      ? startWork(gate, request, command, { signal, ...(team && { sentBack: team }) })
      : goes(firstTurn(gate, request, place.issue));
  }
  if (cause?.kind === 'checks') return afterChecks(gate, team, goes, signal);
  const waits = team.record.state.kind === 'waiting';
  if (isPullRequest && waits) return startWork(gate, request, command, { sentBack: team, signal });

  const ours = turnOfRun(team, gate.dispatch?.runId);
  if (ours !== undefined) return goes(ours);
  const busy = await runAtWork(gate, place.keys, team);
  if (busy !== undefined) return refuse(gate, request, { reason: 'claimed', text: taken(busy, triggerPhrase) });
  const turn = turnAfter(gate, team, eventOf(team, request));
  if (turn !== undefined) return goes(turn);
  return refuse(gate, request, { reason: 'team', text: teamWaits(team.record, triggerPhrase) });
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
  const { state } = team.record;
  if (state.kind !== 'waiting' || state.for !== 'checks') {
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
