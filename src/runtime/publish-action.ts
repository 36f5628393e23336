import { resolve } from 'node:path';
import { openRunOfTask } from '../domain/open-run.ts';
import { required } from './action-inputs.ts';
import type { ActionIo } from './action-io.ts';
import { reportPublished } from './action-report.ts';
import { savedStates } from './close-state.ts';
import { knownSecrets, readActionEnvironment, readActionInputs } from './config.ts';
import { readTask } from './hand-over.ts';
import { logLine } from './job-log.ts';
import { publishTask } from './publish-task.ts';
import { connectPublisher } from './publisher-connection.ts';
import { teamOfJob } from './team-room.ts';
import { text, yesNo } from './value-reader.ts';

/** The action `publish`: checks what the agent handed over, delivers it, and says how the run ended. */
export async function publishAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const inputs = readActionInputs({
    task: required(text),
    'task-sha256': required(text),
    'open-run': text,
    result: text,
    'agent-job': text,
    'dry-run': yesNo,
  });
  const environment = readActionEnvironment();
  // Known before the task is read: a task that cannot be read is closed as well.
  if (inputs['open-run'] !== undefined) await io.saveState(savedStates.openRun, inputs['open-run']);
  const connection = await connectPublisher({ io, environment, openRun: inputs['open-run'] }, signal);
  const at = (path: string): string => resolve(environment.github.workspace, path);
  const task = await readTask(at(inputs.task), inputs['task-sha256']);
  await io.saveState(savedStates.openRun, JSON.stringify(openRunOfTask(task)));
  const report = await publishTask(
    {
      task,
      connection,
      resultDir: at(inputs.result ?? 'entropy-result'),
      dryRun: inputs['dry-run'] ?? false,
      secrets: knownSecrets(),
      log: logLine,
      team: teamOfJob(environment, connection),
      ...(inputs['agent-job'] === undefined ? {} : { agentJob: inputs['agent-job'] }),
    },
    signal,
  );
  await io.saveState(savedStates.settled, report.outcome);
  await reportPublished(io, task, report);
}
