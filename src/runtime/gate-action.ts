import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTriggerEvent } from '../adapters/github/trigger-event.ts';
import { EntropyError } from '../domain/error.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import { mergeSettings, type Settings } from '../domain/settings.ts';
import type { Task } from '../domain/task.ts';
import { admitEvent } from '../flows/admit-event.ts';
import { leaseMarginMinutes } from '../flows/claim-issue.ts';
import type { Admission } from '../flows/gate.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, readActionSettings, takeSecretInput } from './config.ts';
import { connectGitHub, type GitHubConnection } from './github.ts';
import { writeTask } from './hand-over.ts';
import { parseRepositoryConfig } from './repository-config.ts';
import { version } from './version.ts';

/** The action `gate`: from the event that started the workflow to `task.json`, an answer, or a refusal. */
export async function gateAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const environment = readActionEnvironment();
  await io.saveState(savedStates.main, 'gate');
  const connection = connectToken(environment, takeSecretInput('github-token'), signal);
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

/** A connection with the token of an action's input; E201 says how to give one. */
export function connectToken(
  { github }: ActionEnvironment,
  token: string | undefined,
  signal: AbortSignal,
): GitHubConnection {
  if (token === undefined) {
    throw new EntropyError({
      code: 'E201',
      message: 'the input github-token is empty',
      fix: `give it under with:\n  github-token: \${{ github.token }}`,
    });
  }
  const log = (line: string): void => console.log(line);
  return connectGitHub({ token, repository: github.repository, apiUrl: github.apiUrl, log }, signal);
}

interface Admitting {
  readonly environment: ActionEnvironment;
  readonly connection: GitHubConnection;
}

export async function admit({ environment, connection }: Admitting, signal: AbortSignal): Promise<Admission> {
  const { github } = environment;
  const inputs = readActionSettings();
  const settingsFrom = async (file: Uint8Array | undefined, where: string): Promise<Settings> => {
    const layers = file === undefined ? [inputs] : [await parseRepositoryConfig(file, where), inputs];
    return mergeSettings(layers).values;
  };
  const payload: unknown = JSON.parse(await readFile(github.eventPath, 'utf8'));
  const event = await readTriggerEvent({ name: github.eventName, payload });
  const workflowRun = { id: github.runId, attempt: github.runAttempt, url: environment.runUrl };
  const log = (line: string): void => console.log(line);
  return admitEvent({ ...connection, log, settingsFrom, version, workflowRun }, event, signal);
}

/** Everything that did not become a task: said on the issue already, said here for whoever reads the log. */
export async function tell(io: ActionIo, admission: Exclude<Admission, { kind: 'admitted' }>): Promise<void> {
  const text = admission.kind === 'ignored' ? admission.reason : admission.text;
  const outcome = admission.kind === 'refused' ? 'refused' : '';
  await io.outputs({ admitted: 'false', outcome, report: text });
  console.log(`${admission.kind}: ${text}`);
  if (admission.kind === 'refused') await io.notice(text);
}

function admittedOutputs(task: Task, written: { path: string; sha256: string }): Record<string, string> {
  return {
    admitted: 'true',
    outcome: '',
    report: '',
    'run-id': task.runId,
    claim: `${task.lease.key} fence ${task.lease.fence}`,
    'checkout-sha': task.continues?.headSha ?? task.base.sha,
    'has-setup': String(task.setupCommand !== undefined),
    // The job may live as long as its lease: the run's own minutes, and set-up.
    'job-minutes': String(task.budget.maxMinutes + leaseMarginMinutes - 5),
    'task-sha256': written.sha256,
    'open-run': JSON.stringify(openRunOfTask(task)),
    task: written.path,
  };
}
