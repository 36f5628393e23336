import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { createArtifactStore } from './artifact/artifact-store.ts';
import type { ActionManifest } from './definition/action-manifest.ts';
import { evaluateDeferred } from './expression/evaluate.ts';
import type { RunServices } from './job/job-run.ts';
import type { Json, JsonObject } from './json.ts';
import { createConcurrencyCoordinator, readConcurrency } from './plan/concurrency.ts';
import { matchEvent } from './plan/match-event.ts';
import { defaultPermissions } from './plan/permissions.ts';
import { planStep, planWorkflow, type WorkflowPlan } from './plan/plan-workflow.ts';
import { typedInputs } from './plan/typed-inputs.ts';
import { AuthorError, refusal } from './refusal.ts';
import { resultOf } from './run/call-workflow.ts';
import { runJobs } from './run/run-jobs.ts';
import type { JobResult, RunState, WorkflowScope } from './run/run-state.ts';
import { createSlots } from './run/slots.ts';
import { workflowScope } from './run/workflow-contexts.ts';
import type { RunWorkflowOptions } from './run-options.ts';
import type { Conclusion, WorkflowRunReport } from './run-report.ts';

/** How many jobs run at once; the machine of a laptop has few cores and one screen. */
const jobsAtOnce = 2;

/**
 * Runs a workflow file as GitHub would for this event. Throws E800 when the file needs what this runner does not have;
 * that is known before the first job wherever it can be. What the workflow itself does wrong is a failed report.
 */
export async function runWorkflow(options: RunWorkflowOptions): Promise<WorkflowRunReport> {
  const actions = new Map<string, ActionManifest>();
  const fallback = defaultPermissions(options.defaultPermissions ?? 'read');
  const request = { file: options.workflow, resolve: options.resolve, fallback, caller: undefined, depth: 0, actions };
  const plan = await planWorkflow(request);
  const match = matchEvent(plan.definition, options.event, options.ref);
  if (match.kind === 'ignored') return emptyReport('skipped', match.reason);
  using run = openRun(freezePayload(options), plan, actions);
  const { emit } = run.state.services;
  const { deliveryId } = options.event;
  const delivery = deliveryId === undefined ? {} : { deliveryId };
  emit({ type: 'run.started', workflow: run.state.workflowName, runId: options.runId, ...delivery });
  const scope = topScope(run.state, plan);
  const conclusion = await runInGroup(scope, run.cancel);
  emit({ type: 'run.finished', conclusion });
  const refused = run.refused();
  if (refused !== undefined) throw refused;
  const { jobs, summary, annotations, notes } = run.state;
  const reason = conclusion === 'skipped' ? 'every job was skipped' : `${jobs.length} jobs`;
  const artifacts = run.state.services.artifacts.list();
  return { conclusion, reason, jobs, summary, annotations, artifacts, notes: [...notes] };
}

/** Frozen through and through, so that the expressions may keep what they made of it. */
function freezePayload(options: RunWorkflowOptions): RunWorkflowOptions {
  const payload = deepFreeze(structuredClone(options.event.payload)) as JsonObject;
  return { ...options, event: { ...options.event, payload } };
}

function deepFreeze(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  for (const item of Object.values(value)) deepFreeze(item as Json);
  return Object.freeze(value);
}

interface OpenRun extends Disposable {
  readonly state: RunState;
  readonly cancel: (reason: string) => void;
  /** What ended the run from inside; to be thrown. */
  readonly refused: () => EntropyError | undefined;
}

function openRun(options: RunWorkflowOptions, plan: WorkflowPlan, actions: Map<string, ActionManifest>): OpenRun {
  const controller = new AbortController();
  const cancel = (reason: string): void => controller.abort(reason);
  const onAbort = (): void => cancel('The run was cancelled');
  if (options.signal.aborted) onAbort();
  options.signal.addEventListener('abort', onAbort, { once: true });
  let refused: EntropyError | undefined;
  const state: RunState = {
    options,
    services: openServices(),
    concurrency: options.concurrency ?? createConcurrencyCoordinator(),
    slots: createSlots(jobsAtOnce),
    runJobs,
    workflowName: plan.definition.name,
    cancelSignal: controller.signal,
    jobs: [],
    annotations: [],
    summary: [],
    notes: new Set(),
  };
  return {
    state,
    cancel,
    refused: () => refused,
    [Symbol.dispose]: () => options.signal.removeEventListener('abort', onAbort),
  };

  function openServices(): RunServices {
    const { clock, resolve, env, onEvent } = options;
    return {
      clock,
      resolve,
      env,
      actions,
      artifacts: options.artifacts ?? createArtifactStore(path.join(options.tempDir, 'artifacts')),
      emit: (event) => onEvent?.({ at: clock.now(), ...event }),
      annotate: (annotation) => state.annotations.push(annotation),
      summarise: (summary) => state.summary.push(summary),
      prepareStep: (step) => planStep(step, { resolve, actions }),
      refuse: (error) => {
        refused ??= error instanceof EntropyError ? error : refusal('The local runner failed', 'See the cause.', error);
        cancel(refused.message);
      },
    };
  }
}

function topScope(run: RunState, plan: WorkflowPlan): WorkflowScope {
  const { secrets, workflow, inputs: given, event } = run.options;
  const scope: WorkflowScope = {
    run,
    plan,
    path: workflow.path,
    idPrefix: '',
    namePrefix: '',
    inputs: {},
    secrets,
    cancelSignal: run.cancelSignal,
  };
  const { dispatch } = plan.definition;
  if (event.name !== 'workflow_dispatch' || dispatch === undefined) return scope;
  const fromEvent = event.payload['inputs'];
  const values = given ?? (typeof fromEvent === 'object' && fromEvent !== null ? (fromEvent as JsonObject) : {});
  const request = { given: values, definitions: dispatch.inputs, scope: workflowScope(scope), workflow: workflow.path };
  return { ...scope, inputs: asRefusal(() => typedInputs({ ...request, from: 'dispatch' })) };
}

/** The workflow's own `concurrency:`: waits for its place, or is told that a newer run took it. */
async function runInGroup(scope: WorkflowScope, cancel: (reason: string) => void): Promise<Conclusion> {
  const { run, plan } = scope;
  const wanted = asRefusal(() => readConcurrency(evaluateDeferred(plan.definition.concurrency, workflowScope(scope))));
  if (wanted === undefined) return concludeRun(await runJobs(scope));
  let leave = (): void => {};
  try {
    const admission = await run.concurrency.enter({ ...wanted, cancel, signal: run.cancelSignal });
    if (admission.kind === 'replaced') cancel(admission.reason);
    else leave = admission.leave;
    if (admission.kind === 'replaced') return 'cancelled';
    return concludeRun(await runJobs(scope));
  } catch (error) {
    if (run.cancelSignal.aborted && error === run.cancelSignal.reason) return 'cancelled';
    throw error;
  } finally {
    leave();
  }
}

function concludeRun(results: ReadonlyMap<string, JobResult>): Conclusion {
  return resultOf([...results.values()]);
}

function asRefusal<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AuthorError)
      throw refusal(error.message, 'Correct the workflow; GitHub refuses it as well.', error);
    throw error;
  }
}

function emptyReport(conclusion: Conclusion, reason: string): WorkflowRunReport {
  return { conclusion, reason, jobs: [], summary: [], annotations: [], artifacts: [], notes: [] };
}
