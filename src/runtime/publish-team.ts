import { describeError, EntropyError } from '../domain/error.ts';
import type { TeamRecord } from '../domain/stages/team-record.ts';
import type { Task } from '../domain/task.ts';
import { hearLater } from '../flows/hear-later.ts';
import type { PublishReport } from '../flows/publish-run.ts';
import { advanceTeam } from '../flows/team/advance-team.ts';
import { performTeam } from '../flows/team/perform-team.ts';
import type { TeamRoom } from '../flows/team/team-room.ts';

/** What is left to be done for the team, once the run's claim is free. */
export type TeamFollowUp = (signal: AbortSignal) => Promise<void>;

/**
 * Tells the team how a run ended. What it published is published: a fault here is told in the log, and a sweep finds the record
 * as it was left.
 */
export async function tellTeamOfEnd(room: TeamRoom, task: Task, report: PublishReport): Promise<TeamFollowUp> {
  const concerns = task.step !== undefined || task.approved !== undefined;
  const record = concerns ? await quietly(room, task, () => advanceTeam(room, task, report)) : undefined;
  if (record === undefined) return () => hearLater(room, task, report);
  return async (signal) => {
    await quietly(room, task, (): Promise<TeamRecord> => performTeam(room, record, signal));
  };
}

async function quietly<Value>(room: TeamRoom, task: Task, act: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    room.log(`the team of #${task.issue.number} goes on with the next sweep: ${describeError(error)}`);
    return undefined;
  }
}
