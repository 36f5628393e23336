import { type JobWork, noCallInterface } from '../definition/workflow-definition.ts';
import { evaluateDeferred, evaluateText, evaluateTexts } from '../expression/evaluate.ts';
import type { JsonObject } from '../json.ts';
import { typedInputs } from '../plan/typed-inputs.ts';
import { refusal } from '../refusal.ts';
import type { Conclusion } from '../run-report.ts';
import type { JobLeg } from './job-leg.ts';
import type { JobResult, WorkflowScope } from './run-state.ts';
import { workflowScope } from './workflow-contexts.ts';

type CallWork = Extract<JobWork, { kind: 'call' }>;

/** A job that calls a reusable workflow: its jobs run as part of this run, with the inputs and secrets passed on. */
export async function callWorkflow(leg: JobLeg, work: CallWork): Promise<JobResult> {
  const { scope, job } = leg;
  const plan = scope.plan.calls.get(job.id);
  if (plan === undefined)
    throw refusal(`The workflow '${work.uses}' was not planned`, 'This is a fault of the local runner.');
  const { inputs: inputDefinitions, secrets: secretDefinitions, outputs } = plan.definition.call ?? noCallInterface;
  const callerScope = workflowScope(scope, leg.contexts);
  const given = evaluateDeferred(work.inputs, callerScope);
  const inputs = typedInputs({
    given: given !== null && typeof given === 'object' && !Array.isArray(given) ? (given as JsonObject) : {},
    definitions: inputDefinitions,
    scope: workflowScope({ ...scope, inputs: {} }),
    from: 'call',
    workflow: work.uses,
  });
  const secrets =
    work.secrets === 'inherit'
      ? scope.secrets
      : namedAs(
          secretDefinitions,
          evaluateTexts(work.secrets, workflowScope(scope, { ...leg.contexts, secrets: scope.secrets })),
        );
  const called: WorkflowScope = {
    ...scope,
    plan,
    path: plan.definition.path,
    idPrefix: `${leg.id}/`,
    namePrefix: `${leg.name} / `,
    inputs,
    secrets,
    cancelSignal: leg.cancellation.cancelSignal.aborted
      ? leg.cancellation.cancelSignal
      : AbortSignal.any([scope.cancelSignal, leg.cancellation.cancelSignal]),
  };
  const results = await scope.run.runJobs(called);
  const jobs = Object.fromEntries(
    [...results].map(([id, { result, outputs: values }]) => [id, { result, outputs: values }]),
  );
  const outputScope = workflowScope(called, { jobs: jobs as JsonObject });
  const values = Object.entries(outputs).map(([name, value]) => [name, evaluateText(value, outputScope) ?? '']);
  const result = resultOf([...results.values()]);
  return { result, conclusion: result, outputs: Object.fromEntries(values) };
}

/** Secrets are found in any case; the called workflow's own spelling is the one it knows. */
function namedAs(
  definitions: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = new Map(Object.keys(definitions).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [own.get(name.toLowerCase()) ?? name, value]));
}

/** A workflow whose jobs were all skipped counts as skipped; a failure that may be ignored counts as success. */
export function resultOf(jobs: readonly JobResult[]): Conclusion {
  const order: readonly Conclusion[] = ['failure', 'cancelled', 'success'];
  return order.find((conclusion) => jobs.some((job) => job.result === conclusion)) ?? 'skipped';
}
