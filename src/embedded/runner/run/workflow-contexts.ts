import type { Scope } from '../expression/evaluate.ts';
import { githubContext } from '../job/github-context.ts';
import type { JsonObject } from '../json.ts';
import type { WorkflowScope } from './run-state.ts';

/** The contexts that are there before a job has a machine: no token, no workspace. */
export function workflowContexts(scope: WorkflowScope): { github: JsonObject; inputs: JsonObject; vars: JsonObject } {
  const { options, workflowName } = scope.run;
  const github = githubContext({ options, workflowName, job: '', token: '', workspace: '', eventPath: '' });
  return { github, inputs: scope.inputs, vars: options.vars };
}

export function workflowScope(scope: WorkflowScope, extra: Readonly<Record<string, JsonObject | null>> = {}): Scope {
  return { contexts: { ...workflowContexts(scope), ...extra }, functions: {} };
}
