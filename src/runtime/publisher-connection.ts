import { EntropyError } from '../domain/error.ts';
import type { OpenRun } from '../domain/open-run.ts';
import { connectAction, coordinatorInput } from './action-connection.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { takeSecretInput } from './config.ts';
import type { GitHubConnection } from './github.ts';

/**
 * GitHub with the token of the input. Without one, in a run that a coordinator dispatched, with a token that the
 * coordinator's App makes for this run and its repository, which need not be the one that the workflow runs in.
 */
export async function connectPublisher(
  { io, environment, openRun }: PublisherOptions,
  signal: AbortSignal,
): Promise<GitHubConnection> {
  const token = takeSecretInput('github-token');
  const url = coordinatorInput();
  if (token !== undefined || url === undefined) {
    return connectAction(environment, token, signal);
  }
  if (openRun === undefined) {
    throw new EntropyError({
      code: 'E101',
      message: 'the inputs github-token and open-run are both empty',
      fix: `give open-run: \${{ needs.task.outputs.open-run }}, as agent-dispatched.yml does, or a github-token`,
    });
  }
  const { runId } = JSON.parse(openRun) as OpenRun;
  await io.saveState(savedStates.dispatchedRun, runId);
  const { openDispatchedRun } = await import('./dispatched-run.ts');
  const run = openDispatchedRun({ io, environment, runId, url }, signal);
  return run.connect(await run.token('publish'));
}

interface PublisherOptions {
  readonly io: ActionIo;
  readonly environment: ActionEnvironment;
  /** The input of this name: JSON of the `OpenRun`. */
  readonly openRun: string | undefined;
}
