import { emitRunEvent } from '../events/run-events.ts';
import { isWithinDates } from '../http/date-range.ts';
import { envelopeAnswer, linkHeader, pageOf } from '../http/pagination.ts';
import { conflict, notFound } from '../http/problem.ts';
import { numberParam, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { jobUrl, renderJob, renderRun } from '../render/run.ts';
import type { RunJob, WorkflowRun } from '../state/run-state.ts';
import { workflowOf } from './dispatches.ts';

const actions = '/repos/{owner}/{repo}/actions';

export const workflowRunRoutes: readonly Route[] = [
  repositoryRoute(`GET ${actions}/runs`, readers('actions'), (call) => listRuns(call)),
  repositoryRoute(`GET ${actions}/workflows/{workflow_id}/runs`, readers('actions'), async (call) => {
    const { path } = await workflowOf(call, call.repository.defaultBranch);
    return listRuns(call, path);
  }),
  repositoryRoute(`GET ${actions}/runs/{run_id}`, readers('actions'), async (call) =>
    ok(await renderRun(call.world, call.repository, runOf(call))),
  ),
  repositoryRoute(`POST ${actions}/runs/{run_id}/cancel`, writers('write', 'actions'), (call) => {
    const run = runOf(call);
    if (run.status === 'completed') throw conflict('Cannot cancel a workflow run that is completed.');
    call.world.runs.requestCancel(run.id);
    // What no runner has begun ends here; what runs is ended by its runner.
    if (run.status === 'queued') endQueued(call, run);
    return { status: 202, json: {} };
  }),
  repositoryRoute(`GET ${actions}/runs/{run_id}/jobs`, readers('actions'), (call) => {
    const run = runOf(call);
    const render = (job: RunJob) => renderJob(call.world, call.repository, { run, job });
    return envelopeAnswer(call, { name: 'jobs', items: run.jobs, render });
  }),
  repositoryRoute(`GET ${actions}/jobs/{job_id}`, readers('actions'), (call) =>
    ok(renderJob(call.world, call.repository, jobOf(call))),
  ),
  // GitHub sends on to its storage, where nobody asks for a token.
  repositoryRoute(`GET ${actions}/jobs/{job_id}/logs`, readers('actions'), (call) => {
    const { run, job } = jobOf(call);
    if (job.status !== 'completed') throw notFound();
    const location = `${jobUrl(call.world, call.repository, { run, job })}/log.txt`;
    return { status: 302, headers: { location } };
  }),
];

function runOf(call: RepositoryCall): WorkflowRun {
  const run = call.repository.runs.get(numberParam(call, 'run_id'));
  if (run === undefined) throw notFound();
  return run;
}

function jobOf(call: RepositoryCall): { readonly run: WorkflowRun; readonly job: RunJob } {
  const id = numberParam(call, 'job_id');
  for (const run of call.repository.runs.values()) {
    const job = run.jobs.find((each) => each.id === id);
    if (job !== undefined) return { run, job };
  }
  throw notFound();
}

function endQueued({ world, repository }: RepositoryCall, run: WorkflowRun): void {
  const ended = world.runs.update(run.id, { status: 'completed', conclusion: 'cancelled' });
  void emitRunEvent(world, repository, ended, 'completed');
}

async function listRuns(call: RepositoryCall, workflowPath?: string) {
  const wanted = (name: string, value: string | null) => {
    const text = call.query.get(name);
    return text === null || text === value;
  };
  const status = call.query.get('status');
  const runs = [...call.repository.runs.values()]
    .reverse()
    .filter(
      (run) =>
        (workflowPath === undefined || run.workflowPath === workflowPath) &&
        wanted('event', run.event) &&
        wanted('branch', run.headBranch) &&
        wanted('head_sha', run.headSha) &&
        wanted('actor', run.actor.login) &&
        (status === null || status === run.status || status === run.conclusion) &&
        isWithinDates(call.query.get('created'), run.createdAt),
    );
  const page = pageOf(call);
  const shown = runs.slice(page.skip, page.skip + page.size);
  const workflow_runs = await Promise.all(shown.map((run) => renderRun(call.world, call.repository, run)));
  return {
    status: 200,
    json: { total_count: runs.length, workflow_runs },
    headers: linkHeader(call, page, runs.length),
  };
}
