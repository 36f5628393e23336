import type { JobDefinition } from '../definition/workflow-definition.ts';
import { evaluateCondition, type Scope } from '../expression/evaluate.ts';
import type { JsonObject } from '../json.ts';
import { runDefinedJob } from './run-defined-job.ts';
import type { JobResult, WorkflowScope } from './run-state.ts';
import { workflowContexts } from './workflow-contexts.ts';

/** Runs all jobs of one workflow file, each as soon as those that it needs have ended. */
export async function runJobs(scope: WorkflowScope): Promise<ReadonlyMap<string, JobResult>> {
  const { jobs } = scope.plan.definition;
  const running = new Map<string, Promise<JobResult>>();
  const results = new Map<string, JobResult>();
  const start = (job: JobDefinition): Promise<JobResult> => {
    const known = running.get(job.id);
    if (known !== undefined) return known;
    const needed = jobs.filter((other) => job.needs.includes(other.id));
    const result = Promise.all(needed.map(start)).then(async () => {
      const end = await runDefinedJob({
        scope,
        job,
        needs: needsContext(job, results),
        wants: wantsToRun(scope, job, results),
      });
      results.set(job.id, end);
      return end;
    });
    running.set(job.id, result);
    return result;
  };
  await Promise.all(jobs.map(start));
  return results;
}

function needsContext(job: JobDefinition, results: ReadonlyMap<string, JobResult>): JsonObject {
  const entries = job.needs.map((id) => {
    const { result = 'skipped', outputs = {} } = results.get(id) ?? {};
    return [id, { result, outputs }];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** The job's `if:`, to be asked anew when the run is cancelled while the job runs. */
function wantsToRun(scope: WorkflowScope, job: JobDefinition, results: ReadonlyMap<string, JobResult>): () => boolean {
  return () => {
    const { github, inputs, vars } = workflowContexts(scope);
    const contexts = { github, inputs, vars, needs: needsContext(job, results) };
    return evaluateCondition(job.condition, { contexts, functions: jobStatusFunctions(scope, job, results) });
  };
}

/**
 * For a job, `success()` and `failure()` look at all its ancestors, not only at those it names: after a skipped or
 * failed grandparent, `success()` is false even when the parent ran with `always()` (actions/runner issue 491).
 */
function jobStatusFunctions(
  scope: WorkflowScope,
  job: JobDefinition,
  results: ReadonlyMap<string, JobResult>,
): Scope['functions'] {
  const cancelled = (): boolean => scope.cancelSignal.aborted;
  const looksAt = (names: readonly string[]): readonly string[] => {
    const ancestors = ancestorsOf(job, scope.plan.definition.jobs);
    return names.length === 0 ? ancestors : ancestors.filter((id) => names.includes(id));
  };
  const resultOf = (id: string): string => results.get(id)?.result ?? 'skipped';
  return {
    success: (names) => !cancelled() && looksAt(names).every((id) => resultOf(id) === 'success'),
    failure: (names) => !cancelled() && looksAt(names).some((id) => resultOf(id) === 'failure'),
    cancelled,
    always: () => true,
  };
}

function ancestorsOf(job: JobDefinition, jobs: readonly JobDefinition[]): readonly string[] {
  const found = new Set(job.needs);
  for (const id of found) for (const need of jobs.find((other) => other.id === id)?.needs ?? []) found.add(need);
  return [...found];
}
