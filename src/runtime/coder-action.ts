import { join, resolve } from 'node:path';
import { openRunOfTask } from '../domain/open-run.ts';
import { fullName } from '../domain/repository.ts';
import { admit, tell } from './action-admission.ts';
import { connectAction } from './action-connection.ts';
import { homeOf } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { reportPublished } from './action-report.ts';
import { anthropicApi } from './anthropic-api.ts';
import { egressOfThisBundle, workerOfThisBundle } from './bundle-worker.ts';
import { savedStates } from './close-state.ts';
import { clearTraps } from './coder-post.ts';
import { coderWorkspace } from './coder-workspace.ts';
import { knownSecrets, readActionEnvironment, readActionInputs, takeSecretInput } from './config.ts';
import { handOverFiles } from './hand-over.ts';
import { logLine } from './job-log.ts';
import { refuseWithinReach } from './out-of-reach.ts';
import { showProgress } from './progress.ts';
import { publishTask } from './publish-task.ts';
import { createRemerge } from './remerge.ts';
import { runAgent } from './run-agent.ts';
import { setUp } from './set-up.ts';
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
  const cloneUrl = `${environment.github.serverUrl}/${fullName(task.repository)}.git`;
  const resultDir = join(environment.runner.temp, 'entropy-result');
  const { hostPath, runner } = environment;
  const log = logLine;
  const workspace = await coderWorkspace(
    { task, checkedOut, cloneUrl, token, tempDir: runner.temp, hostPath, log },
    signal,
  );
  const room = { task, workspace, hostPath, home: homeOf(environment), egress: egressOfThisBundle() };
  await setUp({ ...room, log: (chunk) => void process.stdout.write(chunk) }, signal);
  await using progress = showProgress({ task, connection, resultDir, log });
  await runAgent(
    {
      ...room,
      resultDir,
      version,
      worker: startWorker({
        command: workerOfThisBundle(),
        hostPath,
        tempDir: runner.temp,
      }),
      anthropicBaseUrl: inputs['anthropic-base-url'] ?? anthropicApi,
      takeKey: () => takeSecretInput('anthropic-api-key'),
      secrets: knownSecrets,
    },
    signal,
  );
  await progress.stop();
  // Here for the job's own later steps, and in post for when this step is killed.
  await clearTraps(io);
  const report = await publishTask(
    {
      task,
      connection,
      resultDir,
      dryRun: inputs['dry-run'] ?? false,
      secrets: knownSecrets(),
      log,
      ...(token === undefined ? {} : { remerge: createRemerge({ ...room, cloneUrl, token }) }),
    },
    signal,
  );
  await io.saveState(savedStates.settled, report.outcome);
  await io.outputs({ trajectory: join(resultDir, handOverFiles.trajectory) });
  await reportPublished(io, task, report);
}
