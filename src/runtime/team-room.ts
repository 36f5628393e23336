import type { SettingsLayer } from '../domain/settings.ts';
import { holderIsDead } from '../flows/holder-is-dead.ts';
import { settingsOnce } from '../flows/read-settings.ts';
import { openTeamRoom } from '../flows/team/open-team-room.ts';
import { createAnnouncementStarter } from '../flows/team/start-by-announcement.ts';
import { createWorkflowStarter, workflowFile } from '../flows/team/start-by-workflow.ts';
import type { TeamRoom } from '../flows/team/team-room.ts';
import type { StepStarter } from '../ports/step-starter.ts';
import type { ActionEnvironment } from './action-environment.ts';
import { readActionSettings } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { settingsOver } from './repository-settings.ts';

/** In a job the next step is a new run of the workflow that the job belongs to; undefined where GitHub does not tell which. */
export function actionStarter(
  { github }: Pick<ActionEnvironment, 'github'>,
  { forge, workflows }: Pick<GitHubConnection, 'forge' | 'workflows'>,
): StepStarter | undefined {
  const workflow = workflowFile(github.workflowRef);
  return workflow === undefined ? undefined : createWorkflowStarter({ forge, workflows, workflow });
}

/** Checks that start at once are mostly over by then; a job that waited longer would cost more than the next sweep. */
const checksPatienceMs = 90_000;

/** How a publishing job goes on with a team. */
export function teamOfJob(
  environment: Pick<ActionEnvironment, 'github'>,
  connection: Pick<GitHubConnection, 'forge' | 'workflows' | 'isDispatched'>,
): Omit<TeamParts, 'log' | 'scanner'> {
  const { isDispatched, workflows } = connection;
  const starter = isDispatched ? createAnnouncementStarter(workflows) : actionStarter(environment, connection);
  return { checksPatienceMs, over: [readActionSettings()], starter };
}

export interface TeamParts extends Pick<TeamRoom, 'checksPatienceMs' | 'scanner' | 'starter'> {
  readonly log: (line: string) => void;
  /** Settings that go over the repository's own file: an action's inputs. */
  readonly over?: readonly SettingsLayer[];
}

/** Who is at work beside the machinery starts nobody and waits for nothing: whoever looks next does. */
export const byHand = { starter: undefined, checksPatienceMs: 0 } as const;

/** What the flows of a team work with, over a connection to a repository. */
export function teamRoomOf(
  { forge, claims, clock, newId, books }: Pick<GitHubConnection, 'forge' | 'claims' | 'clock' | 'newId' | 'books'>,
  parts: TeamParts,
): TeamRoom {
  const { log, over = [], ...rest } = parts;
  return openTeamRoom({
    ...{ forge, claims, clock, newId, log, books },
    ...rest,
    settings: settingsOnce({ forge, settingsFrom: settingsOver(over) }),
    holderIsDead: (record) => holderIsDead({ forge, log }, record),
  });
}
