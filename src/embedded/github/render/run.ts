import { actionsApp } from '../identity/apps.ts';
import { isPull } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import type { CheckRun, CommitStatus, RunJob, WorkflowRun } from '../state/run-state.ts';
import type { World } from '../world.ts';
import { renderApp } from './app.ts';
import { renderSimpleCommit } from './commit.ts';
import { renderRepository, repositoryApiUrl, repositoryWebUrl } from './repository.ts';
import { nodeId, renderUser } from './user.ts';

/** Where a run is for programs and for people. */
export function runUrls(world: World, repository: Repository, run: WorkflowRun): { api: string; html: string } {
  const path = `actions/runs/${run.id}`;
  return {
    api: `${repositoryApiUrl(world, repository)}/${path}`,
    html: `${repositoryWebUrl(world, repository)}/${path}`,
  };
}

/** Where a job is for people. */
export function jobUrl(
  world: World,
  repository: Repository,
  { run, job }: { readonly run: WorkflowRun; readonly job: RunJob },
): string {
  return `${runUrls(world, repository, run).html}/job/${job.id}`;
}

/** OpenAPI `workflow-run`. */
export async function renderRun(world: World, repository: Repository, run: WorkflowRun) {
  const api = repositoryApiUrl(world, repository);
  const { api: url, html } = runUrls(world, repository, run);
  const commit = await repository.git.commit(run.headSha);
  const repo = renderRepository(world, repository);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.workflowPath,
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    url,
    html_url: html,
    pull_requests: pullsOf(world, repository, run.headSha),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.startedAt,
    actor: renderUser(world, run.actor),
    triggering_actor: renderUser(world, run.actor),
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${run.workflowId}`,
    head_commit: commit === undefined ? null : renderSimpleCommit(commit),
    repository: repo,
    head_repository: repo,
  };
}

/** OpenAPI `workflow`. */
export function renderWorkflowFile(
  world: World,
  repository: Repository,
  { path, name }: { readonly path: string; readonly name: string },
) {
  const id = world.runs.workflowId(repository, path);
  const html = repositoryWebUrl(world, repository);
  return {
    id,
    node_id: nodeId('Workflow', id),
    name,
    path,
    state: 'active',
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    url: `${repositoryApiUrl(world, repository)}/actions/workflows/${id}`,
    html_url: `${html}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${html}/workflows/${encodeURIComponent(path)}/badge.svg`,
  };
}

/** OpenAPI `job`. */
export function renderJob(world: World, repository: Repository, { run, job }: { run: WorkflowRun; job: RunJob }) {
  const api = repositoryApiUrl(world, repository);
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    workflow_name: run.name,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    node_id: nodeId('CheckRun', job.id),
    url: `${api}/actions/jobs/${job.id}`,
    html_url: jobUrl(world, repository, { run, job }),
    status: job.status,
    conclusion: job.conclusion,
    created_at: run.createdAt,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      number: step.number,
      status: step.status,
      conclusion: step.conclusion,
      started_at: step.startedAt,
      completed_at: step.completedAt,
    })),
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
  };
}

/** OpenAPI `pull-request-minimal`: the open ones whose head is the commit. */
function pullsOf(world: World, repository: Repository, sha: string) {
  const api = repositoryApiUrl(world, repository);
  const repo = { id: repository.id, url: api, name: repository.name };
  const open = [...repository.issues.values()].filter(isPull).filter((issue) => issue.state === 'open');
  return open
    .filter((issue) => issue.pull.head.sha === sha)
    .map(({ number, pull }) => ({
      id: pull.id,
      number,
      url: `${api}/pulls/${number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo },
    }));
}

/** OpenAPI `check-run`. */
export function renderCheckRun(world: World, repository: Repository, check: CheckRun) {
  const url = `${repositoryApiUrl(world, repository)}/check-runs/${check.id}`;
  const html = `${repositoryWebUrl(world, repository)}/runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: html,
    details_url: check.detailsUrl ?? html,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: { ...check.output, annotations_count: check.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: check.suiteId },
    app: renderApp(world, check.app ?? actionsApp),
    pull_requests: pullsOf(world, repository, check.headSha),
  };
}

/** OpenAPI `status`. */
export function renderStatus(world: World, repository: Repository, status: CommitStatus) {
  const creator = renderUser(world, status.creator);
  return {
    url: `${repositoryApiUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}
