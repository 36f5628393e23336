import { join, resolve } from 'node:path';
import { openRunOfTask } from '../domain/open-run.ts';
import { fullName } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import type { Remerge } from '../flows/publish-run.ts';
import { admit, tell } from './action-admission.ts';
import { connectAction } from './action-connection.ts';
import { type ActionEnvironment, homeOf } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { reportPublished } from './action-report.ts';
import { anthropicApi } from './anthropic-api.ts';
import { egressOfThisBundle, workerOfThisBundle } from './bundle-worker.ts';
import { savedStates } from './close-state.ts';
import { clearTraps } from './coder-post.ts';
import { coderBase, coderWorkspace } from './coder-workspace.ts';
import { knownSecrets, readActionEnvironment, readActionInputs, takeSecretInput } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { handOverFiles, writeTask } from './hand-over.ts';
import { logLine } from './job-log.ts';
import { refuseWithinReach } from './out-of-reach.ts';
import { showProgress } from './progress.ts';
import { publishTask } from './publish-task.ts';
import { createRemerge } from './remerge.ts';
import { runAgent } from './run-agent.ts';
import { leftWorkText } from './save-left.ts';
import { setUp } from './set-up.ts';
import { setUpBase } from './set-up-base.ts';
import { teamOfJob } from './team-room.ts';
import { text, yesNo } from './value-reader.ts';
import { version } from './version.ts';
import { startWorker } from './worker-link.ts';

/**
 * The action `coder`: gate, agent and publish in one trusted job. This process holds token and key; the worker holds
 * neither, and the set-up command runs in a sandbox before the key is taken out of the inputs.
 */
export async function coderAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const inputs = readActionInputs({ workspace: text, 'anthropic-base-url': text, 'dry-run': yesNo });
  const environment = readActionEnvironment();
  const checkedOut = resolve(environment.github.workspace, inputs.workspace ?? '.');
  refuseWithinReach(checkedOut, { 'this action': process.argv[1] ?? '', RUNNER_TEMP: environment.runner.temp });
  const token = takeSecretInput('github-token');
  const connection = await connectAction(environment, token, signal);
  const admission = await admit({ environment, connection }, signal);
  if (admission.kind !== 'admitted') return tell(io, admission);

  const { task } = admission;
  await io.saveState(savedStates.openRun, JSON.stringify(openRunOfTask(task)));
  const resultDir = join(environment.runner.temp, 'entropy-result');
  const inputUrl = inputs['anthropic-base-url'] ?? anthropicApi;
  const written = await writeTask(join(environment.runner.temp, 'entropy-task'), task);
  await io.saveState(
    savedStates.leftWork,
    leftWorkText({ task: written, resultDir, dryRun: inputs['dry-run'] ?? false }),
  );
  const place: CoderPlace = { io, environment, task, connection, checkedOut, resultDir, token };
  // What a person approved is published as it is held: no workspace, no key, no model.
  const remerge = task.approved === undefined ? await work(place, inputUrl, signal) : undefined;
  const report = await publishTask(
    {
      task,
      connection,
      resultDir,
      dryRun: inputs['dry-run'] ?? false,
      secrets: knownSecrets(),
      log: logLine,
      team: teamOfJob(environment, connection),
      ...(remerge && { remerge }),
    },
    signal,
  );
  await io.saveState(savedStates.settled, report.outcome);
  const trajectory = join(resultDir, handOverFiles.trajectory);
  if (task.approved === undefined) await io.outputs({ trajectory });
  await reportPublished(io, task, report);
}

interface CoderPlace {
  readonly io: ActionIo;
  readonly environment: ActionEnvironment;
  readonly task: Task;
  readonly connection: GitHubConnection;
  readonly checkedOut: string;
  readonly resultDir: string;
  readonly token: string | undefined;
}

/** The agent's part: set-up before the key is here, then the work. How its change is merged with what is pushed meanwhile. */
async function work(
  { io, environment, task, connection, checkedOut, resultDir, token }: CoderPlace,
  anthropicBaseUrl: string,
  signal: AbortSignal,
): Promise<Remerge | undefined> {
  const cloneUrl = `${environment.github.serverUrl}/${fullName(task.repository)}.git`;
  const { hostPath, runner } = environment;
  const log = logLine;
  const clone = { task, checkedOut, cloneUrl, token, tempDir: runner.temp, hostPath, log };
  const workspace = await coderWorkspace(clone, signal);
  const base = await coderBase(clone, signal);
  const room = { task, workspace, hostPath, home: homeOf(environment), egress: egressOfThisBundle() };
  const print = (chunk: Uint8Array): void => void process.stdout.write(chunk);
  await setUp({ ...room, log: print }, signal);
  if (base !== undefined) await setUpBase({ ...room, base, log: print }, signal);
  await using progress = showProgress({ task, connection, resultDir, log });
  await runAgent(
    {
      ...room,
      ...(base !== undefined && { base }),
      resultDir,
      version,
      worker: startWorker({
        command: workerOfThisBundle(),
        hostPath,
        tempDir: runner.temp,
      }),
      anthropicBaseUrl,
      takeKey: () => takeSecretInput('anthropic-api-key'),
      secrets: knownSecrets,
      log,
    },
    signal,
  );
  await progress.stop();
  // Here for the job's own later steps, and in post for when this step is killed.
  await clearTraps(io);
  return token === undefined ? undefined : createRemerge({ ...room, cloneUrl, token });
}
