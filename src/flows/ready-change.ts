import { EntropyError } from '../domain/error.ts';
import type { RunResult } from '../domain/run-result.ts';
import { startingSha, type Task } from '../domain/task.ts';
import type { PublishRun, ReadyChange } from './publish-run.ts';
import { parseRunResult } from './run-result-schema.ts';

/** The agent's hand-over, parsed; it must be of this very run. E603 otherwise. */
export async function readHandOver(task: Task, value: unknown): Promise<RunResult> {
  const result = await parseRunResult(value);
  if (result.runId === task.runId) return result;
  throw badHandOver(
    `the result is of run ${JSON.stringify(result.runId)}, not of ${task.runId}`,
    'start the run again',
  );
}

/**
 * What a hand-over that says "ready" must hold. The base is looked up on the forge: a manifest that names another tree
 * as the base's could smuggle in whatever that tree holds.
 */
export async function readyChange(run: PublishRun, result: RunResult): Promise<ReadyChange> {
  const { submission, patch } = result;
  const again = 'start the run again; if it happens twice, report it with the run’s trajectory';
  if (submission === undefined || patch === undefined) {
    const missing = submission === undefined ? 'no submission' : 'no patch';
    throw badHandOver(`the agent says that its work is ready and hands over ${missing}`, again);
  }
  if (patch.runId !== run.task.runId) throw badHandOver(`the patch is of run ${JSON.stringify(patch.runId)}`, again);
  const expected = startingSha(run.task);
  if (patch.base.sha !== expected)
    throw badHandOver(`the patch is made against ${patch.base.sha}, the task against ${expected}`, again);
  const base = await run.forge.commit(expected);
  if (base.treeSha !== patch.base.treeSha)
    throw badHandOver(`the patch names ${patch.base.treeSha} as the tree of ${expected}; it is ${base.treeSha}`, again);
  return { result, submission, manifest: patch };
}

function badHandOver(message: string, fix: string): EntropyError {
  return new EntropyError({ code: 'E603', message, fix });
}
