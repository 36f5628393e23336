import { resolve } from 'node:path';
import { formatUsd, totalTokens } from '../domain/budget.ts';
import { isGreen } from '../domain/outcome.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { ActionEnvironment } from './action-environment.ts';
import { required } from './action-inputs.ts';
import type { ActionIo } from './action-io.ts';
import { readActionEnvironment, readActionInputs, takeSecretInput } from './config.ts';
import { handOverFiles, readTask } from './hand-over.ts';
import { oneOf, text } from './value-reader.ts';
import { version } from './version.ts';
import { startWorker } from './worker-link.ts';

/** Where the Messages API is unless an input says otherwise. */
export const anthropicApi = 'https://api.anthropic.com';

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
  if (inputs.stage === 'setup') {
    const { setUp } = await import('./set-up.ts');
    const log = (chunk: Uint8Array): void => void process.stdout.write(chunk);
    await setUp({ ...room, task: await readThisTask(), log }, signal);
    return;
  }
  // Before anything else is read or loaded: the worker's own start is the longest part of the way to the first request.
  await using worker = startWorker({ command: workerOfThisBundle(), hostPath, tempDir: environment.runner.temp });
  const [{ runAgent }, task] = await Promise.all([import('./run-agent.ts'), readThisTask()]);
  const resultDir = at(inputs.result ?? 'entropy-result');
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
  await report(io, { task, result, environment, trajectory: resolve(resultDir, handOverFiles.trajectory) });
}

/** Where the set-up step and the agent step of one job share a home inside their sandboxes. */
export function homeOf({ runner }: ActionEnvironment): string {
  return resolve(runner.temp, 'entropy-home');
}

/** The bundle of an action is its own worker: the same file, started with the word `worker`. */
export function workerOfThisBundle(): readonly [string, ...string[]] {
  return [process.execPath, process.argv[1] ?? '', 'worker'];
}

interface Report {
  readonly task: Task;
  readonly result: RunResult;
  readonly environment: ActionEnvironment;
  readonly trajectory: string;
}

async function report(io: ActionIo, { task, result, trajectory }: Report): Promise<void> {
  await io.outputs({
    outcome: result.outcome,
    report: result.reason,
    'cost-usd': formatUsd(result.spend.costMicroUsd),
    tokens: String(totalTokens(result.spend.usage)),
    trajectory,
  });
  const { renderStepSummary } = await import('../domain/step-summary.ts');
  await io.summary(
    renderStepSummary({
      outcome: result.outcome,
      reason: result.reason,
      issue: { number: task.issue.number, title: task.issue.title, url: task.links.issue },
      runId: task.runId,
      fence: task.lease.fence,
      model: result.model,
      sandbox: result.sandbox.description,
      spend: result.spend,
      budget: task.budget,
      durations: result.durations,
      ...(result.testsBefore === undefined ? {} : { testsBefore: result.testsBefore }),
      ...(result.testsAfter === undefined ? {} : { testsAfter: result.testsAfter }),
    }),
  );
  if (!isGreen(result.outcome)) await io.fail(`${result.outcome}: ${result.reason}`);
}
