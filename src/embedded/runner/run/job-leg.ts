import type { JobDefinition } from '../definition/workflow-definition.ts';
import type { JsonObject } from '../json.ts';
import type { JobCancellation } from './job-cancellation.ts';
import type { WorkflowScope } from './run-state.ts';

export interface DefinedJob {
  readonly scope: WorkflowScope;
  readonly job: JobDefinition;
  readonly needs: JsonObject;
  /** The job's `if:` as things stand. */
  readonly wants: () => boolean;
}

/** One leg of a job (its only one when there is no matrix), ready to run. */
export interface JobLeg extends DefinedJob {
  readonly id: string;
  readonly name: string;
  readonly contexts: Readonly<Record<string, JsonObject | null>>;
  readonly cancellation: JobCancellation;
}
