import type { Json, JsonObject } from '../json.ts';
import type { RunWorkflowOptions } from '../run-options.ts';

export interface GithubContextRequest {
  readonly options: RunWorkflowOptions;
  /** Name of the workflow that the event started, also in the jobs of one that it calls. */
  readonly workflowName: string;
  readonly job: string;
  readonly token: string;
  readonly workspace: string;
  readonly eventPath: string;
}

/** The `github` context of a job, without what changes from step to step (docs: "Contexts reference"). */
export function githubContext(request: GithubContextRequest): JsonObject {
  const { options } = request;
  const { repository, workflow, event, ref, github } = options;
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    token: request.token,
    job: request.job,
    ref,
    sha: options.sha,
    repository: fullName,
    repository_owner: repository.owner,
    repository_id: String(repository.id),
    repository_owner_id: String(repository.ownerId),
    repositoryUrl: `${github.serverUrl.replace(/^https?:/, 'git:')}/${fullName}.git`,
    run_id: String(options.runId),
    run_number: String(options.runNumber),
    run_attempt: String(options.attempt),
    retention_days: '90',
    actor: options.actor.login,
    actor_id: String(options.actor.id),
    triggering_actor: options.actor.login,
    workflow: request.workflowName,
    workflow_ref: `${workflow.identity.repository}/${workflow.path}@${workflow.identity.ref}`,
    workflow_sha: workflow.identity.sha,
    event_name: event.name,
    event: event.payload,
    event_path: request.eventPath,
    server_url: github.serverUrl,
    api_url: github.apiUrl,
    graphql_url: github.graphqlUrl,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: pullRequestRef(event.payload, 'head'),
    base_ref: pullRequestRef(event.payload, 'base'),
    secret_source: 'Actions',
    workspace: request.workspace,
  };
}

function pullRequestRef(payload: JsonObject, side: 'head' | 'base'): string {
  const name = member(member(member(payload, 'pull_request'), side), 'ref');
  return typeof name === 'string' ? name : '';
}

function member(value: Json, key: string): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return (value as JsonObject)[key] ?? null;
}

/** The keys that become `GITHUB_…` variables; the others are only for expressions. */
const exported = new Set([
  ...['action', 'action_path', 'action_ref', 'action_repository', 'actor', 'actor_id', 'api_url', 'base_ref', 'env'],
  ...[
    'event_name',
    'event_path',
    'graphql_url',
    'head_ref',
    'job',
    'output',
    'path',
    'ref',
    'ref_name',
    'ref_protected',
  ],
  ...['ref_type', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'retention_days'],
  ...['run_attempt', 'run_id', 'run_number', 'server_url', 'sha', 'state', 'step_summary', 'triggering_actor'],
  ...['workflow', 'workflow_ref', 'workflow_sha', 'workspace'],
]);

export function githubVariables(context: JsonObject): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(context)) {
    if (!exported.has(key)) continue;
    if (typeof value === 'string') variables[`GITHUB_${key.toUpperCase()}`] = value;
    else if (typeof value === 'boolean') variables[`GITHUB_${key.toUpperCase()}`] = String(value);
  }
  return variables;
}
