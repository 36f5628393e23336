import type { JsonObject } from '../json.ts';
import type { WorkflowIdentity } from '../run-options.ts';

/** The parts of the `github` context that an ID token repeats under the same name. */
const repeated = [
  'ref',
  'sha',
  'repository',
  'repository_owner',
  'repository_id',
  'repository_owner_id',
  'run_id',
  'run_number',
  'run_attempt',
  'actor',
  'actor_id',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'head_ref',
  'base_ref',
  'event_name',
  'ref_type',
] as const;

/**
 * What a job's ID token says: who runs what, where. `workflow_ref` is the workflow that the event started,
 * `job_workflow_ref` the file that the job stands in, which differs in a reusable workflow.
 */
export function idTokenClaims(
  github: JsonObject,
  workflow: WorkflowIdentity & { readonly path: string },
): Readonly<Record<string, string>> {
  const said = Object.fromEntries(repeated.map((name) => [name, String(github[name] ?? '')]));
  return {
    ...said,
    sub: `repo:${said['repository']}:ref:${said['ref']}`,
    job_workflow_ref: `${workflow.repository}/${workflow.path}@${workflow.ref}`,
    job_workflow_sha: workflow.sha,
    repository_visibility: 'private',
    runner_environment: 'self-hosted',
  };
}
