import type { PendingStep, TeamRecord } from '../../domain/stages/team-record.ts';
import { changeTeam } from './change-team.ts';
import { makeWay } from './make-way.ts';
import { performTeam } from './perform-team.ts';
import type { TeamRoom } from './team-room.ts';

export type BegunStep =
  | { readonly kind: 'begun'; readonly record: TeamRecord }
  /** Somebody else began it, or it is not wanted any more: the claim is to be given back. */
  | { readonly kind: 'not-pending' };

/** The run that has the claim now does this step. Of two that were started for it, one gets it. */
export async function beginStep(
  room: TeamRoom,
  begin: { readonly issue: number; readonly step: string; readonly runId: string; readonly fence: number },
): Promise<BegunStep> {
  const { issue, step, runId, fence } = begin;
  const change = await changeTeam(room, issue, { kind: 'begun', step, runId, fence });
  if (change.kind === 'none') return { kind: 'not-pending' };
  const { record } = change;
  const { state } = record;
  const isOurs = state.kind === 'running' && state.step === step && state.runId === runId;
  return isOurs ? { kind: 'begun', record } : { kind: 'not-pending' };
}

/** A step that still waits for a run, and what it goes on from. */
export interface FoundStep {
  readonly kind: 'pending';
  readonly record: TeamRecord;
  readonly step: PendingStep;
}

export type MayBegin =
  | { readonly kind: 'go' }
  /** Running tasks touch the same files: said on the issue, and it is asked for again when they are done. */
  | { readonly kind: 'held-up'; readonly on: readonly number[] }
  | { readonly kind: 'not-pending' };

/** Asked before the claim of a coder's step is taken: whether running tasks touch the same files, so that it has to wait. */
export async function mayBegin(room: TeamRoom, { record, step }: FoundStep, signal: AbortSignal): Promise<MayBegin> {
  if (record.stage !== 'code') return { kind: 'go' };
  const before = await makeWay(room, record);
  if (before.length === 0) return { kind: 'go' };
  const on = before.map(({ issue }) => issue);
  const shared = [...new Set(before.flatMap((task) => task.shared))].slice(0, 5).join(', ');
  const what = `work that runs touches the same files: ${shared}`;
  const change = await changeTeam(room, record.issue, { kind: 'held-up', step: step.id, on, what });
  if (change.kind !== 'changed') return { kind: 'not-pending' };
  await performTeam(room, change.record, signal);
  return { kind: 'held-up', on };
}
