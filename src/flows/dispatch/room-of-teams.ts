import type { RepositoryRef } from '../../domain/repository.ts';
import { holderIsDead } from '../holder-is-dead.ts';
import { settingsOnce } from '../read-settings.ts';
import { openTeamRoom } from '../team/open-team-room.ts';
import { createAnnouncementStarter } from '../team/start-by-announcement.ts';
import type { TeamRoom } from '../team/team-room.ts';
import { withWorkflowRun } from '../with-workflow-run.ts';
import type { DispatchRoom } from './dispatch-room.ts';

export type TeamsFrom = Pick<
  DispatchRoom,
  'budgets' | 'claims' | 'clock' | 'connect' | 'log' | 'newId' | 'runs' | 'settingsFrom' | 'started' | 'tasks'
>;

/** How a coordinator looks after the teams of a repository: what it has started comes back as a request. */
export function roomOfTeams(room: TeamsFrom, repository: RepositoryRef): TeamRoom {
  const { claims, clock, newId, log, tasks, runs, budgets, settingsFrom } = room;
  const { forge, workflows } = room.connect(repository);
  const { runnerRepository } = room.started;
  const runner = runnerRepository && { runner: room.connect(runnerRepository).forge };
  return openTeamRoom({
    ...{ forge, claims, clock, newId, log, scanner: undefined, checksPatienceMs: 0 },
    books: { tasks, runs, budgets },
    starter: createAnnouncementStarter(workflows),
    settings: settingsOnce({ forge, settingsFrom }),
    // A dispatched run's claim does not know its workflow run; the run does.
    holderIsDead: async (record) => holderIsDead({ forge, ...runner, log }, await withWorkflowRun(runs, record)),
  });
}
