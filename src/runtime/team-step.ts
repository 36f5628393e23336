import { type RunTeamStep, standingOf } from '../domain/team-run.ts';
import { recoverTeam } from '../flows/team/recover-team.ts';
import { takeSecret } from './config.ts';
import { runConnector, runIssue } from './github-run.ts';
import { byHand, teamRoomOf } from './team-room.ts';

/**
 * One step of a team, in this process: the pending one, whoever asked for it, or the first of a new team. What an earlier
 * process left undone is done before. A process does one step: then it knows the model's key no longer than it needs it.
 */
export const runTeamStep: RunTeamStep = async (options, onEvent, signal) => {
  const { tokenVariable, repository, apiUrl, issue } = options;
  const token = takeSecret(tokenVariable);
  if (token === undefined) throw new Error(`${tokenVariable} was taken before`);
  const log = (line: string): void => onEvent({ type: 'log', job: 'team', line });
  const connection = (await runConnector({ token, repository, apiUrl, log }))(signal);
  const { team } = connection.forge;

  const before = (await team.read(issue))?.record.state;
  const isNew = before === undefined || before.kind === 'over';
  if (!isNew) await recoverTeam(teamRoomOf(connection, { ...byHand, scanner: undefined, log }), issue, { signal });
  const state = isNew ? undefined : (await team.read(issue))?.record.state;
  const step = state?.kind === 'pending' ? { id: state.step.id, command: state.step.command } : undefined;
  const run =
    isNew || step !== undefined ? await runIssue({ ...options, token, ...(step && { step }) }, onEvent, signal) : null;
  const stored = await team.read(issue);
  return { run, team: stored === undefined ? null : standingOf(stored.record) };
};
