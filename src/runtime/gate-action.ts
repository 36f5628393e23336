import { join } from 'node:path';
import { openRunOfTask } from '../domain/open-run.ts';
import { admit, tell } from './action-admission.ts';
import { connectAction } from './action-connection.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, readActionInputs, takeSecretInput } from './config.ts';
import { admittedOutputs } from './gate-outputs.ts';
import { writeTask } from './hand-over.ts';
import { logLine } from './job-log.ts';
import { text } from './value-reader.ts';

/** The action `gate`: from the event that started the workflow to `task.json`, an answer, or a refusal. */
export async function gateAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const { run } = readActionInputs({ run: text });
  if (run !== undefined) {
    const { pickUpAction } = await import('./pick-up-action.ts');
    return pickUpAction(io, run, signal);
  }
  const environment = readActionEnvironment();
  const connection = await connectAction(environment, takeSecretInput('github-token'), signal);
  const admission = await admit({ environment, connection }, signal);
  if (admission.kind !== 'admitted') return tell(io, admission);

  const { task } = admission;
  // From here on there is something to close. The job that goes on with the run closes it; until then it is `post`.
  await io.saveState(savedStates.openRun, JSON.stringify(openRunOfTask(task)));
  const written = await writeTask(join(environment.runner.temp, 'entropy-task'), task);
  await io.outputs(admittedOutputs(task, written));
  await io.saveState(savedStates.settled, 'handed on to the agent job');
  logLine(`admitted: run ${task.runId}, fence ${task.lease.fence}, ${task.command.name} #${task.issue.number}`);
}
