import { join } from 'node:path';
import { parseTraceparent } from '../domain/dispatch/traceparent.ts';
import { EntropyError } from '../domain/error.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import type { Task } from '../domain/task.ts';
import { coordinatorInput } from './action-connection.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, readActionInputs } from './config.ts';
import { openDispatchedRun } from './dispatched-run.ts';
import { admittedOutputs } from './gate-outputs.ts';
import { sha256Hex, writeTaskText } from './hand-over.ts';
import { logLine } from './job-log.ts';
import { text, yesNo } from './value-reader.ts';

/** Why a workflow run has nothing to do, where that is nobody's fault. */
const quiet: Readonly<Record<string, string>> = {
  over: 'the run is over',
  taken: 'another workflow run carries the run out',
  'stop-requested': 'somebody asked to stop the run before it began',
  stale: 'the run lost its claim: somebody else has the issue',
};

/**
 * The action `gate` in a workflow that a coordinator dispatched: admitted was the run there; here it begins, once, and its
 * task.json is handed on. No token of GitHub is needed.
 */
export async function pickUpAction(io: ActionIo, runId: string, signal: AbortSignal): Promise<void> {
  const inputs = readActionInputs({ 'code-token': yesNo, traceparent: text });
  const url = coordinatorInput();
  if (url === undefined) {
    throw new EntropyError({
      code: 'E101',
      message: 'input run is given without coordinator-url',
      fix: 'give the address of the coordinator that dispatched the run, as agent-dispatched.yml does',
    });
  }
  const environment = readActionEnvironment();
  // Before it begins: a job that is cancelled meanwhile closes what it may have begun.
  await io.saveState(savedStates.dispatchedRun, runId);
  const traced = inputs.traceparent !== undefined && parseTraceparent(inputs.traceparent) !== undefined;
  const trace = traced ? { traceparent: inputs.traceparent } : {};
  const run = openDispatchedRun({ io, environment, runId, url, ...trace }, signal);
  const picked = await run.client.dispatch.pickUp(runId);
  if (picked.kind === 'refusal') return tellRefused(io, runId, picked.value.kind);

  const { task: bytes, sha256 } = picked.value;
  if (sha256Hex(bytes) !== sha256) throw damaged(runId);
  const task = JSON.parse(bytes) as Task;
  await io.saveState(savedStates.openRun, JSON.stringify(openRunOfTask(task)));
  const path = await writeTaskText(join(environment.runner.temp, 'entropy-task'), bytes);
  const readsCode = inputs['code-token'] === true && task.approved === undefined;
  await io.outputs(admittedOutputs(task, { path, sha256 }));
  // After the others, one of which is the same, empty.
  if (readsCode) await io.secretOutput('code-token', (await run.token('read')).token);
  await io.saveState(savedStates.settled, 'handed on to the agent job');
  logLine(`picked up: run ${runId}, fence ${task.lease.fence}, ${task.command.name} #${task.issue.number}`);
}

async function tellRefused(io: ActionIo, runId: string, why: string): Promise<void> {
  const said = quiet[why];
  if (said === undefined) throw notThere(runId, why);
  const report = `Nothing to do for run ${runId}: ${said}.`;
  await io.outputs({ admitted: 'false', outcome: '', report });
  await io.saveState(savedStates.settled, why);
  await io.notice(report);
  logLine(report);
}

function notThere(runId: string, why: string): EntropyError {
  return new EntropyError({
    code: 'E726',
    message: `the coordinator knows no run ${runId} that it dispatched for this repository (${why})`,
    fix: 'comment /agent fix on the issue instead of starting this workflow by hand',
  });
}

function damaged(runId: string): EntropyError {
  return new EntropyError({
    code: 'E603',
    message: `the task of run ${runId} did not arrive as it was written`,
    fix: 're-run the job; if it happens twice, something between here and the coordinator changes answers',
  });
}
