import type { OpenRun } from '../domain/open-run.ts';
import { closeRun } from '../flows/close-run.ts';
import { connectAction } from './action-connection.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, takeSecretInput } from './config.ts';

/**
 * `post` of gate, publish and coder: when main was killed or cancelled before it could say how the run ended, the
 * tracking comment is closed and the claim freed here. Does nothing when main settled everything itself.
 */
export async function closeAction(io: ActionIo): Promise<void> {
  const environment = readActionEnvironment();
  const open = environment.savedState(savedStates.openRun);
  if (open === undefined || environment.savedState(savedStates.settled) !== undefined) return;
  const token = takeSecretInput('github-token');
  if (token === undefined) return io.warning('the run cannot be closed: the input github-token is empty');
  // A cancelled job leaves little time; a run that cannot be closed now is closed by the next one.
  const signal = AbortSignal.timeout(30_000);
  const { forge, claims } = connectAction(environment, token, signal);
  const run = JSON.parse(open) as OpenRun;
  const closed = await closeRun({ forge, claims }, run, {
    kind: 'failed',
    reason: 'The job ended before the run was over: it was cancelled, killed, or it lost its runner.',
    next: 'Nothing was lost that had been published. `/agent retry` starts a new run.',
  });
  console.log(`run ${run.runId}: tracking comment ${closed.comment}, claim ${closed.claim}`);
}
