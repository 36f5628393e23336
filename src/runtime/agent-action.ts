import { required } from './action-inputs.ts';
import type { ActionIo } from './action-io.ts';
import { workerOfThisBundle } from './bundle-worker.ts';
import { readActionEnvironment, readActionInputs } from './config.ts';
import { oneOf, text } from './value-reader.ts';
import { startWorker } from './worker-link.ts';

/**
 * The action `agent`: `stage: setup` prepares the workspace without any key, `stage: solve` runs the agent, `stage: check`
 * looks through what it left, also when it was killed.
 */
export async function agentAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const inputs = readActionInputs({
    stage: oneOf(['setup', 'solve', 'check'] as const),
    task: required(text),
    'task-sha256': required(text),
    workspace: text,
    base: text,
    result: text,
    'anthropic-base-url': text,
  });
  const environment = readActionEnvironment();
  const startedWith = { hostPath: environment.hostPath, tempDir: environment.runner.temp };
  // Before anything else is read or loaded: the worker's own start is the longest part of the way to the first request.
  const stage = inputs.stage ?? 'solve';
  await using worker = stage === 'solve' ? startWorker({ command: workerOfThisBundle(), ...startedWith }) : undefined;
  const { runStage } = await import('./agent-stage.ts');
  await runStage({ io, inputs: { ...inputs, stage }, environment, worker }, signal);
}
