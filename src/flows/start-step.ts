import type { Command } from '../domain/command.ts';
import type { TeamEvent } from '../domain/stages/team-event.ts';
import { stepNotThere } from '../domain/team-answers.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { startWork } from './start-work.ts';
import { changeTeam } from './team/change-team.ts';
import { closedBy } from './team/closed-by.ts';
import type { TeamRoom } from './team/team-room.ts';
import { tellTeamEvent } from './team/tell-event.ts';
import { tellTeam } from './team/tell-team.ts';
import { commandOfTurn, teamRoom, turnAfter, turnOfRun } from './team-turn.ts';

/**
 * The next run of a team, that somebody was started for: the step that its record waits for, and no other. What refuses it for
 * good is told to the team, which asks a person.
 */
export async function startStep(
  gate: Gate,
  request: PermittedRequest,
  command: Command,
  signal: AbortSignal,
): Promise<Admission> {
  const { forge, dispatch } = gate;
  const team = await forge.team.read(request.issueNumber);
  const turn = team && (turnOfRun(team, dispatch?.runId) ?? turnAfter(gate, team));
  if (turn === undefined || turn.command !== command.name) return { kind: 'ignored', reason: stepNotThere };
  const closed = await closedBy(forge, turn.record);
  if (closed !== undefined) {
    await tellTeamEvent(teamRoom(gate), turn.issue, { event: closed, signal });
    return { kind: 'ignored', reason: 'what it is about was closed, and the team ends' };
  }
  const admission = await startWork(gate, request, commandOfTurn(turn), { turn, signal });
  const { state } = turn.record;
  if (state.kind !== 'pending') return admission;
  const event = eventOfNo(admission, state.step.id);
  if (event?.kind === 'no-room') await heldBack(teamRoom(gate), turn.issue, event);
  else if (event !== undefined) await tellTeamEvent(teamRoom(gate), turn.issue, { event, signal });
  return admission;
}

type HeldBackEvent = Extract<TeamEvent, { readonly kind: 'no-room' }>;

/** What the team has to know of a step that does not begin now. */
function eventOfNo(
  admission: Admission,
  step: string,
): HeldBackEvent | Extract<TeamEvent, { readonly kind: 'start-refused' }> | undefined {
  if (admission.kind === 'waiting') return { kind: 'no-room', step, place: 'in-line' };
  if (admission.kind !== 'refused') return undefined;
  switch (admission.reason) {
    case 'no-room':
      return { kind: 'no-room', step, place: 'nowhere' };
    case 'claimed':
      // A claim that is held now is free some day; whoever sweeps asks for the step again.
      return undefined;
    default:
      return { kind: 'start-refused', step, reason: admission.text };
  }
}

/** Told, and not started at once: there would be no room a moment later either. */
async function heldBack(room: TeamRoom, issue: number, event: HeldBackEvent): Promise<void> {
  const change = await changeTeam(room, issue, event);
  if (change.kind === 'changed') await tellTeam(room, change.record);
}
