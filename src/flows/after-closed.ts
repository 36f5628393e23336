import type { TriggerEvent } from '../domain/trigger-event.ts';
import type { Admission, Gate } from './gate.ts';
import { issueOfEvent } from './issue-of-event.ts';
import { recoverTeam } from './team/recover-team.ts';
import { teamRoom } from './team-turn.ts';

/** What was closed, by whomever, is looked at as it is now: a team that works on it ends, and so does its run. */
export async function afterClosed(
  gate: Gate,
  event: Extract<TriggerEvent, { readonly kind: 'closed' }>,
  signal: AbortSignal,
): Promise<Admission> {
  const room = teamRoom(gate);
  const issue = await issueOfEvent(room, event);
  const what = issue === undefined ? 'as-it-is' : (await recoverTeam(room, issue, { signal })).what;
  const ended = what === 'issue-closed' || what === 'pull-closed';
  return {
    kind: 'ignored',
    reason: ended ? `the team on #${issue} ends, for what it is about was closed` : 'no team ends with it',
  };
}
