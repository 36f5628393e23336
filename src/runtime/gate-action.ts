import { join } from 'node:path';
import { leaseText } from '../domain/claim.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import { startingSha, type Task } from '../domain/task.ts';
import { leaseMarginMinutes } from '../flows/claim-issue.ts';
import { admit, tell } from './action-admission.ts';
import { connectAction } from './action-connection.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, takeSecretInput } from './config.ts';
import { writeTask } from './hand-over.ts';

/** The action `gate`: from the event that started the workflow to `task.json`, an answer, or a refusal. */
export async function gateAction(io: ActionIo, signal: AbortSignal): Promise<void> {
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
  console.log(`admitted: run ${task.runId}, fence ${task.lease.fence}, ${task.command.name} #${task.issue.number}`);
}

function admittedOutputs(task: Task, written: { path: string; sha256: string }): Record<string, string> {
  return {
    admitted: 'true',
    outcome: '',
    report: '',
    'run-id': task.runId,
    claim: leaseText(task.lease),
    'checkout-sha': startingSha(task),
    'has-setup': String(task.setupCommand !== undefined),
    // The job may live as long as its lease: the run's own minutes, and set-up.
    'job-minutes': String(task.budget.maxMinutes + leaseMarginMinutes - 5),
    'task-sha256': written.sha256,
    'open-run': JSON.stringify(openRunOfTask(task)),
    task: written.path,
  };
}
