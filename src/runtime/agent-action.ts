import { resolve } from 'node:path';
import { faultNote } from '../domain/fault-note.ts';
import { homeOf } from './action-environment.ts';
import { required } from './action-inputs.ts';
import type { ActionIo } from './action-io.ts';
import { anthropicApi } from './anthropic-api.ts';
import { workerOfThisBundle } from './bundle-worker.ts';
import { readActionEnvironment, readActionInputs, takeSecretInput } from './config.ts';
import { handOverFiles, readTask, writeFault } from './hand-over.ts';
import { refuseWithinReach } from './out-of-reach.ts';
import { oneOf, text } from './value-reader.ts';
import { version } from './version.ts';
import { startWorker } from './worker-link.ts';

/** The action `agent`: `stage: setup` prepares the workspace without any key, `stage: solve` runs the agent. */
export async function agentAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const inputs = readActionInputs({
    stage: oneOf(['setup', 'solve'] as const),
    task: required(text),
    'task-sha256': required(text),
    workspace: text,
    result: text,
    'anthropic-base-url': text,
  });
  const environment = readActionEnvironment();
  const { hostPath } = environment;
  const at = (path: string): string => resolve(environment.github.workspace, path);
  const readThisTask = () => readTask(at(inputs.task), inputs['task-sha256']);
  const room = { workspace: at(inputs.workspace ?? 'workspace'), hostPath, home: homeOf(environment) };
  const resultDir = at(inputs.result ?? 'entropy-result');
  refuseWithinReach(room.workspace, {
    'this action': process.argv[1] ?? '',
    'the task': at(inputs.task),
    'the folder for the result': resultDir,
    RUNNER_TEMP: environment.runner.temp,
  });
  try {
    if (inputs.stage === 'setup') {
      const { setUp } = await import('./set-up.ts');
      const log = (chunk: Uint8Array): void => void process.stdout.write(chunk);
      await setUp({ ...room, task: await readThisTask(), log }, signal);
      return;
    }
    // Before anything else is read or loaded: the worker's own start is the longest part of the way to the first request.
    await using worker = startWorker({ command: workerOfThisBundle(), hostPath, tempDir: environment.runner.temp });
    const [{ runAgent }, task] = await Promise.all([import('./run-agent.ts'), readThisTask()]);
    const result = await runAgent(
      {
        ...room,
        task,
        resultDir,
        version,
        worker,
        anthropicBaseUrl: inputs['anthropic-base-url'] ?? anthropicApi,
        takeKey: () => takeSecretInput('anthropic-api-key'),
      },
      signal,
    );
    const { reportSolved } = await import('./action-report.ts');
    await reportSolved(io, task, { result, trajectory: resolve(resultDir, handOverFiles.trajectory) });
  } catch (error) {
    // The job that tells the issue how the run ended sees neither this log nor this error.
    await writeFault(resultDir, faultNote(error, signal));
    throw error;
  }
}
