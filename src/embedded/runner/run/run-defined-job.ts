import { describeError } from '../../../domain/error.ts';
import { evaluateDeferred, evaluateText } from '../expression/evaluate.ts';
import { readConcurrency } from '../plan/concurrency.ts';
import { expandStrategy, type MatrixLeg, type Strategy } from '../plan/expand-matrix.ts';
import { AuthorError } from '../refusal.ts';
import type { Conclusion } from '../run-report.ts';
import { callWorkflow } from './call-workflow.ts';
import { createJobCancellation, type JobCancellation } from './job-cancellation.ts';
import type { DefinedJob, JobLeg } from './job-leg.ts';
import { runJob } from './run-job.ts';
import type { JobResult } from './run-state.ts';
import { createSlots } from './slots.ts';
import { workflowScope } from './workflow-contexts.ts';

/** A job as it stands in the file: its condition, its matrix, and what its legs come to together. */
export async function runDefinedJob(defined: DefinedJob): Promise<JobResult> {
  const { scope, job } = defined;
  const skipped: JobResult = { result: 'skipped', conclusion: 'skipped', outputs: {} };
  let strategy: Strategy;
  try {
    if (!defined.wants()) {
      reportWithoutSteps(defined, 'skipped');
      return skipped;
    }
    const needs = { needs: defined.needs };
    strategy = expandStrategy(evaluateDeferred(job.strategy, workflowScope(scope, needs)), job.id);
  } catch (error) {
    annotateJob(defined, describeError(error));
    reportWithoutSteps(defined, 'failure');
    return { result: 'failure', conclusion: 'failure', outputs: {} };
  }
  for (const key of job.ignored)
    scope.run.notes.add(`'${key}' of job '${scope.idPrefix}${job.id}' is ignored by the local runner`);
  return combine(await runLegs(defined, strategy));
}

async function runLegs(defined: DefinedJob, strategy: Strategy): Promise<readonly JobResult[]> {
  const { scope } = defined;
  const places = createSlots(strategy.maxParallel);
  const cancellations = strategy.legs.map(() => createJobCancellation(scope.run.services.clock));
  const ended: JobResult[] = [];
  const runOne = async (leg: MatrixLeg, index: number): Promise<void> => {
    const cancellation = cancellations[index];
    if (cancellation === undefined) return;
    const end = await runLeg(prepareLeg(defined, { leg, index, strategy, cancellation }), places);
    ended.push(end);
    const failsFast = strategy.failFast && end.result === 'failure';
    if (failsFast) for (const other of cancellations) other.cancel('another leg of the matrix failed');
  };
  const stopListening = cancelWithRun(defined, cancellations);
  try {
    await Promise.all(strategy.legs.map(runOne));
  } finally {
    stopListening();
    for (const cancellation of cancellations) cancellation.release();
  }
  return ended;
}

/** A cancelled run cancels a job unless the job's own condition still holds (`if: always()`). */
function cancelWithRun(defined: DefinedJob, cancellations: readonly JobCancellation[]): () => void {
  const { cancelSignal } = defined.scope;
  const onCancel = (): void => {
    if (defined.wants()) return;
    for (const cancellation of cancellations) cancellation.cancel(String(cancelSignal.reason));
  };
  if (!cancelSignal.aborted) cancelSignal.addEventListener('abort', onCancel, { once: true });
  return () => cancelSignal.removeEventListener('abort', onCancel);
}

interface LegPlace {
  readonly leg: MatrixLeg;
  readonly index: number;
  readonly strategy: Strategy;
  readonly cancellation: JobCancellation;
}

function prepareLeg(defined: DefinedJob, place: LegPlace): JobLeg {
  const { scope, job } = defined;
  const total = place.strategy.legs.length;
  const strategy = {
    'fail-fast': place.strategy.failFast,
    'job-index': place.index,
    'job-total': total,
    'max-parallel': place.leg.matrix === null ? 1 : Math.min(place.strategy.maxParallel, total),
  };
  const { matrix, label } = place.leg;
  const contexts = { needs: defined.needs, strategy, matrix };
  const written = readName(defined, contexts) ?? job.id;
  const labelled = label !== '' && job.name?.isExpression !== true ? `${written} (${label})` : written;
  return {
    ...defined,
    id: `${scope.idPrefix}${job.id}${total > 1 ? ` (${place.index})` : ''}`,
    name: `${scope.namePrefix}${labelled}`,
    contexts,
    cancellation: place.cancellation,
  };
}

function readName(defined: DefinedJob, contexts: JobLeg['contexts']): string | undefined {
  try {
    return evaluateText(defined.job.name, workflowScope(defined.scope, contexts));
  } catch {
    // A name is only for people; GitHub shows the id as well when it cannot be worked out.
    return undefined;
  }
}

async function runLeg(leg: JobLeg, places: ReturnType<typeof createSlots>): Promise<JobResult> {
  const { cancelSignal } = leg.cancellation;
  const leaving: (() => void)[] = [];
  try {
    leaving.push(await places.take(cancelSignal));
    const admission = await enterGroup(leg);
    if (admission.kind === 'replaced') leg.cancellation.cancel(admission.reason);
    else leaving.push(admission.leave);
    if (leg.job.work.kind === 'call')
      return cancelSignal.aborted ? cancelledLeg(leg) : await callWorkflow(leg, leg.job.work);
    leaving.push(await leg.scope.run.slots.take(cancelSignal));
    return await runJob(leg, leg.job.work);
  } catch (error) {
    if (cancelSignal.aborted && error === cancelSignal.reason) return cancelledLeg(leg);
    if (!(error instanceof AuthorError)) leg.scope.run.services.refuse(error);
    annotateJob(leg, describeError(error));
    reportWithoutSteps(leg, 'failure');
    return { result: 'failure', conclusion: 'failure', outputs: {} };
  } finally {
    for (const leave of leaving.toReversed()) leave();
  }
}

async function enterGroup(
  leg: JobLeg,
): Promise<{ kind: 'entered'; leave: () => void } | { kind: 'replaced'; reason: string }> {
  const wanted = readConcurrency(evaluateDeferred(leg.job.concurrency, workflowScope(leg.scope, leg.contexts)));
  if (wanted === undefined) return { kind: 'entered', leave: () => {} };
  const { cancelSignal, cancel } = leg.cancellation;
  return leg.scope.run.concurrency.enter({ ...wanted, cancel, signal: cancelSignal });
}

function cancelledLeg(leg: JobLeg): JobResult {
  annotateJob(leg, leg.cancellation.reason() ?? 'The job was cancelled');
  reportWithoutSteps(leg, 'cancelled');
  return { result: 'cancelled', conclusion: 'cancelled', outputs: {} };
}

/** Failure outweighs cancellation, which outweighs success; the last leg that ended says what an output is. */
function combine(legs: readonly JobResult[]): JobResult {
  const worst = (pick: (leg: JobResult) => Conclusion): Conclusion => {
    const order: readonly Conclusion[] = ['failure', 'cancelled', 'success', 'skipped'];
    return order.find((conclusion) => legs.some((leg) => pick(leg) === conclusion)) ?? 'skipped';
  };
  const outputs: Record<string, string> = {};
  for (const leg of legs) {
    for (const [name, value] of Object.entries(leg.outputs))
      if (value !== '' || outputs[name] === undefined) outputs[name] = value;
  }
  return { result: worst((leg) => leg.result), conclusion: worst((leg) => leg.conclusion), outputs };
}

function annotateJob(job: DefinedJob & { readonly id?: string }, message: string): void {
  const id = job.id ?? `${job.scope.idPrefix}${job.job.id}`;
  job.scope.run.services.annotate({ level: 'error', message, job: id, step: '' });
}

function reportWithoutSteps(
  job: DefinedJob & { readonly id?: string; readonly name?: string },
  conclusion: Conclusion,
): void {
  const id = job.id ?? `${job.scope.idPrefix}${job.job.id}`;
  const name = job.name ?? `${job.scope.namePrefix}${job.job.id}`;
  const report = { id, name, conclusion, outputs: {}, durationMs: 0 };
  job.scope.run.jobs.push({ ...report, steps: [] });
  const { id: jobId, ...rest } = report;
  job.scope.run.services.emit({ type: 'job.finished', job: jobId, ...rest });
}
