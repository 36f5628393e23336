import type { Command } from '../domain/command.ts';
import { fullName } from '../domain/repository.ts';
import { advance } from '../domain/stages/advance.ts';
import { stageCommands } from '../domain/stages/stage.ts';
import { startTeam as newTeam } from '../domain/stages/start-team.ts';
import type { TeamEvent } from '../domain/stages/team-event.ts';
import type { TeamRecord } from '../domain/stages/team-record.ts';
import type { StoredTeamRecord } from '../ports/team-records.ts';
import type { Gate, PermittedRequest } from './gate.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { settingsOnce } from './read-settings.ts';
import { beginStep, goesBefore, holdUp } from './team/begin-step.ts';
import { changeTeam } from './team/change-team.ts';
import { openTeamRoom } from './team/open-team-room.ts';
import { startTeam } from './team/start-team.ts';
import type { TeamRoom } from './team/team-room.ts';
import type { TeamTurn } from './turn.ts';

export function teamRoom(gate: Gate): TeamRoom {
  const { forge, claims, clock, newId, log } = gate;
  return openTeamRoom({
    ...{ forge, claims, clock, newId, log, redact: gate.redact, books: gate.books },
    ...(gate.team ?? { starter: undefined }),
    // No run ends here, so nothing of a run's becomes part of the record; whoever hears of checks does not wait for others.
    ...{ scanner: undefined, checksPatienceMs: 0 },
    settings: settingsOnce(gate),
    holderIsDead: (record) => holderIsDead(gate, record),
  });
}

/** The turn that a run of this name has taken before: whoever dispatches asks again after a fault. */
export function turnOfRun({ record }: StoredTeamRecord, runId: string | undefined): TeamTurn | undefined {
  const { state, stage, issue } = record;
  const isRun = state.kind === 'running' && state.runId === runId && stage !== 'approve' && stage !== 'ready';
  return isRun ? { issue, record, command: stageCommands[stage], by: { kind: 'stored' } } : undefined;
}

/** What this event makes of the team, if that is a run's turn. Without an event: the step that waits already. */
export function turnAfter(gate: Gate, { record }: StoredTeamRecord, event?: TeamEvent): TeamTurn | undefined {
  const moment = { now: gate.clock.now(), stepId: gate.newId() };
  const next = event === undefined ? record : advance(record, event, moment).record;
  if (next.state.kind !== 'pending') return undefined;
  const by = event === undefined ? ({ kind: 'stored' } as const) : ({ kind: 'event', event } as const);
  return { issue: next.issue, record: next, command: next.state.step.command, by };
}

/** A team that begins, over what an earlier one left. */
export function firstTurn(gate: Gate, { settings, sender }: PermittedRequest, issue: number): TeamTurn {
  const { teamStages: stages, teamRounds: maxRounds } = settings;
  const team = { issue, askedBy: sender.login, stages, maxRounds };
  const moment = { now: gate.clock.now(), stepId: gate.newId() };
  const record = newTeam({ ...team, repository: fullName(gate.forge.repository) }, moment);
  if (record.state.kind !== 'pending') throw new RangeError('a new team asks for its first run');
  return { issue, record, command: record.state.step.command, by: { kind: 'begins', team } };
}

/** The command of a turn, with what was typed about money and model. */
export function commandOfTurn({ command }: TeamTurn, typed?: Command): Command {
  const { model, budgetMicroUsd } = typed?.options ?? {};
  const options = { ...(model !== undefined && { model }), ...(budgetMicroUsd !== undefined && { budgetMicroUsd }) };
  return { name: command, options };
}

export type GivenWay =
  | { readonly kind: 'go' }
  /** `why`: a sentence for the log; where it matters to people the team has told them. */
  | { readonly kind: 'no'; readonly why: string };

/** Before the claim is taken: whether running work on the same files goes first. Nothing but such a wait is stored here. */
export async function giveWay(gate: Gate, turn: TeamTurn, signal: AbortSignal): Promise<GivenWay> {
  if (turn.record.state.kind === 'running') return { kind: 'go' };
  const room = teamRoom(gate);
  const before = await goesBefore(room, turn.record);
  if (before.length === 0) return { kind: 'go' };
  const record = await storeTurn(gate, turn);
  const held = record !== undefined && (await holdUp(room, { record, before }, signal));
  return { kind: 'no', why: held ? 'work on the same files goes first' : 'somebody else has moved the team on' };
}

/** The team is told what this turn comes of; undefined: there is no team any more. */
export async function storeTurn(gate: Gate, { by, issue }: TeamTurn): Promise<TeamRecord | undefined> {
  const room = teamRoom(gate);
  switch (by.kind) {
    case 'stored':
      return (await room.forge.team.read(issue))?.record;
    case 'event': {
      const change = await changeTeam(room, issue, by.event);
      return change.kind === 'none' ? undefined : change.record;
    }
    case 'begins':
      return (await startTeam(room, by.team)).record;
    default:
      return by satisfies never;
  }
}

export type BegunTurn =
  /** `step`: its id. */
  | { readonly kind: 'begun'; readonly step: string }
  /** Somebody else has moved the team meanwhile: the claim is to be given back. */
  | { readonly kind: 'lost' };

/** The claim is ours: only now the team hears of all this, so that a refusal leaves nothing that begins by itself later. */
export async function beginTurn(
  gate: Gate,
  turn: TeamTurn,
  run: { readonly runId: string; readonly fence: number },
): Promise<BegunTurn> {
  const state = (await storeTurn(gate, turn))?.state;
  if (state?.kind === 'running' && state.runId === run.runId) return { kind: 'begun', step: state.step };
  if (state?.kind !== 'pending' || state.step.command !== turn.command) return { kind: 'lost' };
  const step = state.step.id;
  const begun = await beginStep(teamRoom(gate), { issue: turn.issue, step, ...run });
  return begun.kind === 'begun' ? { kind: 'begun', step } : { kind: 'lost' };
}
