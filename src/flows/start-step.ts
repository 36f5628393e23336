import type { Command } from '../domain/command.ts';
import { stepNotThere } from '../domain/team-answers.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { startWork } from './start-work.ts';
import { tellTeamEvent } from './team/tell-event.ts';
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
  const admission = await startWork(gate, request, commandOfTurn(turn), { turn, signal });
  // A claim that is held now is free some day; whoever sweeps asks for the step again.
  const isFinal = admission.kind === 'refused' && admission.reason !== 'claimed';
  const { state } = turn.record;
  if (isFinal && state.kind === 'pending') {
    const event = { kind: 'start-refused', step: state.step.id, reason: admission.text } as const;
    await tellTeamEvent(teamRoom(gate), turn.issue, { event, signal });
  }
  return admission;
}
