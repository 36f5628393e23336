import { createSecretGuard } from '../domain/secret-guard.ts';
import { failedOnPull } from '../flows/address/failed-checks.ts';
import { holderIsDead } from '../flows/holder-is-dead.ts';
import { createAnnouncementStarter } from '../flows/team/start-by-announcement.ts';
import { createWorkflowStarter, workflowFile } from '../flows/team/start-by-workflow.ts';
import type { TeamRoom } from '../flows/team/team-room.ts';
import type { StepStarter } from '../ports/step-starter.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { GitHubConnection } from './github.ts';

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
  connection: Pick<GitHubConnection, 'forge' | 'workflows' | 'mailbox' | 'isDispatched'>,
): Pick<TeamRoom, 'starter' | 'mailbox' | 'checksPatienceMs'> {
  const { isDispatched, workflows, mailbox } = connection;
  const starter = isDispatched ? createAnnouncementStarter(workflows) : actionStarter(environment, connection);
  return { checksPatienceMs, ...(starter && { starter }), ...(mailbox && { mailbox }) };
}

export interface TeamParts extends Pick<TeamRoom, 'checksPatienceMs' | 'mailbox' | 'scanner' | 'starter'> {
  readonly log: (line: string) => void;
}

/** What the flows of a team work with, over a connection to a repository. */
export function teamRoomOf(
  { forge, claims, clock, newId }: Pick<GitHubConnection, 'forge' | 'claims' | 'clock' | 'newId'>,
  parts: TeamParts,
): TeamRoom {
  const { log } = parts;
  const { redact } = createSecretGuard({});
  return {
    ...{ forge, claims, clock, newId },
    ...parts,
    failedChecks: (pull, headSha) => failedOnPull(forge, { pull, headSha, redact }),
    holderIsDead: (record) => holderIsDead({ forge, log }, record),
  };
}
