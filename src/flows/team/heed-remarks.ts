import { describeError, EntropyError } from '../../domain/error.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import { newRemarks } from '../address/remarks.ts';
import { toldByTeam } from '../address/told-before.ts';
import { hearing } from '../hearing.ts';
import { changeTeam } from './change-team.ts';
import type { TeamRoom } from './team-room.ts';

/**
 * What people said while a run was at work goes before whatever comes next: before the pull request is tested or reviewed as it
 * is, before a person is asked, and before it is called ready. The record when that is the coder's turn.
 */
export async function heedRemarks(room: TeamRoom, record: TeamRecord): Promise<TeamRecord | undefined> {
  const { pullRequest, issue } = record;
  if (pullRequest === undefined || !isHeeded(record)) return undefined;
  const { forge, log } = room;
  const settings = await room.settings();
  if (!settings.automaticRemarks) return undefined;
  try {
    const pull = await forge.pullRequest(pullRequest);
    if (pull === undefined || pull.state === 'closed') return undefined;
    const request = { forge, pull, mayBeHeard: hearing(forge, settings) };
    const { remarks } = await newRemarks(request, toldByTeam(record));
    if (remarks.length === 0) return undefined;
    const reasons = [{ kind: 'remarks', remarks }] as const;
    const change = await changeTeam(room, issue, { kind: 'sent-back', reasons, by: 'person' });
    return change.kind === 'changed' ? change.record : undefined;
  } catch (error) {
    // A token that may not read them hears nothing; whoever may, a sweeper or a later event, looks then.
    const untold = error instanceof EntropyError && error.code === 'E204';
    if (!untold) throw error;
    log(`team on #${issue}: what people said could not be read: ${describeError(error)}`);
    return undefined;
  }
}

/** A coder that is asked for already is told when it begins. */
function isHeeded({ state, stage }: TeamRecord): boolean {
  switch (state.kind) {
    case 'pending':
      return stage === 'test' || stage === 'review';
    case 'waiting':
      return state.for === 'checks' || state.for === 'person';
    case 'closing':
      return state.how === 'ready';
    default:
      return false;
  }
}
