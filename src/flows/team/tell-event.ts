import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { changeTeam } from './change-team.ts';
import { performTeam } from './perform-team.ts';
import type { TeamRoom } from './team-room.ts';

/**
 * Something happened that a team may wait for: a plan was approved, a person asks for changes, a pull request was closed. Does
 * what follows. Undefined: there is no team, or it means nothing to it as it stands.
 */
export async function tellTeamEvent(
  room: TeamRoom,
  issue: number,
  told: { readonly event: TeamEvent; readonly signal: AbortSignal },
): Promise<TeamRecord | undefined> {
  const change = await changeTeam(room, issue, told.event);
  if (change.kind !== 'changed') return undefined;
  return performTeam(room, change.record, told.signal);
}
