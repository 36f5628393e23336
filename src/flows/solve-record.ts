import { boundPassedOver, type PassedOverRung } from '../domain/passed-over.ts';
import { fullName } from '../domain/repository.ts';
import type { RunResult } from '../domain/run-result.ts';
import { trajectorySchema } from '../domain/trajectory.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { SolveRequest } from './solve-request.ts';

export function recordStart({ task, model, recorder, version }: SolveRequest): void {
  recorder.record({
    type: 'run.started',
    schema: trajectorySchema,
    runId: task.runId,
    repository: fullName(task.repository),
    issue: task.issue.number,
    title: task.issue.title,
    baseSha: task.base.sha,
    model: model.name,
    budget: task.budget,
    version,
  });
}

export function recordSandbox({ sandbox, passedOver, recorder }: SolveRequest): void {
  const record = ({ rung, description }: Sandbox, stronger?: readonly PassedOverRung[]): void => {
    const canary = rung === 'none' ? 'none' : 'contained';
    recorder.record({ type: 'sandbox.ready', rung, description, canary, ...weakerThan(stronger) });
  };
  // Whoever needs the sandbox learns why there is none; here there is then nothing to record.
  if (sandbox instanceof Promise || passedOver instanceof Promise) {
    Promise.all([sandbox, passedOver]).then(
      ([opened, stronger]) => record(opened, stronger),
      () => undefined,
    );
  } else record(sandbox, passedOver);
}

export function weakerThan(stronger: readonly PassedOverRung[] = []): Pick<RunResult['sandbox'], 'passedOver'> {
  return stronger.length === 0 ? {} : { passedOver: boundPassedOver(stronger) };
}

export function recordEnd(recorder: TrajectoryRecorder, result: RunResult): void {
  const { outcome, reason, overLimit, spend, modelCalls, patch } = result;
  recorder.record({
    type: 'run.finished',
    outcome,
    reason,
    ...(overLimit === undefined ? {} : { overLimit }),
    spend,
    modelCalls,
    ...(patch === undefined ? {} : { patch: { files: patch.files.length, treeSha: patch.treeSha } }),
  });
}
