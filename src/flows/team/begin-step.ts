import type { EarlierTask } from '../../domain/stages/overlaps.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
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

/** Running tasks that touch the files which a coder's step is going to change, so that it has to wait; of other steps none. */
export async function goesBefore(room: TeamRoom, record: TeamRecord): Promise<readonly EarlierTask[]> {
  return record.stage === 'code' ? await makeWay(room, record) : [];
}

/** Said on the issue; the step is asked for again when those are done. False: it is not wanted any more. */
export async function holdUp(
  room: TeamRoom,
  { record, before }: { readonly record: TeamRecord; readonly before: readonly EarlierTask[] },
  signal: AbortSignal,
): Promise<boolean> {
  if (record.state.kind !== 'pending') return false;
  const on = before.map(({ issue }) => issue);
  const shared = [...new Set(before.flatMap((task) => task.shared))].slice(0, 5).join(', ');
  const what = `work that runs touches the same files: ${shared}`;
  const change = await changeTeam(room, record.issue, { kind: 'held-up', step: record.state.step.id, on, what });
  if (change.kind !== 'changed') return false;
  await performTeam(room, change.record, signal);
  return true;
}
