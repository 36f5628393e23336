import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { changeTeam } from './change-team.ts';
import { performTeam } from './perform-team.ts';
import type { TeamRoom } from './team-room.ts';

/** `stop`: nothing more is started for this issue. The run that is at work is stopped by whoever stops runs. */
export async function stopTeam(
  room: TeamRoom,
  { issue, by }: { readonly issue: number; readonly by: string },
  signal: AbortSignal,
): Promise<TeamRecord | undefined> {
  const change = await changeTeam(room, issue, { kind: 'stop', by });
  if (change.kind !== 'changed') return undefined;
  return performTeam(room, change.record, signal);
}
