import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { changeTeam } from './change-team.ts';
import { readyPull } from './ready-pull.ts';
import type { TeamRoom } from './team-room.ts';
import { tellTeam } from './tell-team.ts';

/** Tells the end wherever somebody waits for it, and only then is it over. */
export async function closeTeam(room: TeamRoom, record: TeamRecord): Promise<TeamRecord | undefined> {
  const { state, issue } = record;
  if (state.kind === 'closing' && state.how === 'ready') await readyPull(room, record);
  await tellTeam(room, record);
  const change = await changeTeam(room, issue, { kind: 'told' });
  room.log(`team on #${issue}: ${state.kind === 'closing' ? state.what : 'over'}`);
  return change.kind === 'changed' ? change.record : undefined;
}
