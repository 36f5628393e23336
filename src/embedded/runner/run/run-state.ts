import type { RunServices } from '../job/job-run.ts';
import type { JsonObject } from '../json.ts';
import type { ConcurrencyCoordinator } from '../plan/concurrency.ts';
import type { WorkflowPlan } from '../plan/plan-workflow.ts';
import type { RunWorkflowOptions } from '../run-options.ts';
import type { Annotation, Conclusion, JobReport, StepSummary } from '../run-report.ts';
import type { Slots } from './slots.ts';

/** One run of a workflow while it goes on. */
export interface RunState {
  readonly options: RunWorkflowOptions;
  readonly services: RunServices;
  readonly concurrency: ConcurrencyCoordinator;
  readonly slots: Slots;
  /** Runs the jobs of a called workflow; handed in because jobs and workflows contain each other. */
  readonly runJobs: (scope: WorkflowScope) => Promise<ReadonlyMap<string, JobResult>>;
  readonly workflowName: string;
  /** Aborted when the whole run is cancelled; its reason is a text for people. */
  readonly cancelSignal: AbortSignal;
  readonly jobs: JobReport[];
  readonly annotations: Annotation[];
  readonly summary: StepSummary[];
  readonly notes: Set<string>;
}

/** One workflow file inside a run: the one that an event started, or one that a job calls. */
export interface WorkflowScope {
  readonly run: RunState;
  readonly plan: WorkflowPlan;
  readonly path: string;
  /** `agent/` and `agent / ` for the jobs of a workflow that the job `agent` calls. */
  readonly idPrefix: string;
  readonly namePrefix: string;
  readonly inputs: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  /** Aborted when the run or the calling job is cancelled. */
  readonly cancelSignal: AbortSignal;
}

/** What other jobs may know of a job: `needs.<id>`. */
export interface JobResult {
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  /** The conclusion as people see it; `continue-on-error` makes a failed job's `result` a success. */
  readonly conclusion: Conclusion;
}
