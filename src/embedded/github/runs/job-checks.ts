import { jobUrl } from '../render/run.ts';
import type { Repository } from '../state/repository-state.ts';
import type { CheckRun, CommitStatus, RunJob, WorkflowRun } from '../state/run-state.ts';
import type { World } from '../world.ts';

interface Place {
  readonly world: World;
  readonly repository: Repository;
}

/**
 * All checks of a commit: those that Apps wrote, and the jobs of its workflow runs, which are checks as well. Of a suite and a name
 * the newest; a workflow that ran twice has two suites.
 */
export function checksOf(place: Place, sha: string): CheckRun[] {
  const checks = allChecksOf(place, sha);
  const isSame = (one: CheckRun, other: CheckRun): boolean => one.suiteId === other.suiteId && one.name === other.name;
  return checks.filter((check, at) => checks.findLastIndex((other) => isSame(other, check)) === at);
}

/** What a merge waits for: of the runs of one workflow for one event the newest counts. */
export function currentChecks(place: Place, sha: string): CheckRun[] {
  const sourceOf = ({ suiteId, name }: CheckRun): string => {
    const run = place.repository.runs.get(suiteId);
    return `${run === undefined ? suiteId : `${run.workflowPath} ${run.event}`} ${name}`;
  };
  const checks = checksOf(place, sha);
  return checks.filter((check, at) => checks.findLastIndex((other) => sourceOf(other) === sourceOf(check)) === at);
}

/** Those that were written again as well, the oldest first. */
export function allChecksOf(place: Place, sha: string): CheckRun[] {
  const { repository } = place;
  const runs = [...repository.runs.values()].filter((run) => run.headSha === sha);
  const ofJobs = runs.flatMap((run) => run.jobs.map((job) => checkOfJob({ ...place, run }, job)));
  return [...repository.checkRuns.filter((check) => check.headSha === sha), ...ofJobs];
}

export function findCheck(place: Place, id: number): CheckRun | undefined {
  const written = place.repository.checkRuns.find((check) => check.id === id);
  if (written !== undefined) return written;
  for (const run of place.repository.runs.values()) {
    const job = run.jobs.find((each) => each.id === id);
    if (job !== undefined) return checkOfJob({ ...place, run }, job);
  }
  return undefined;
}

/** A job's check has the job's own id. */
export function checkOfJob({ world, repository, run }: Place & { readonly run: WorkflowRun }, job: RunJob): CheckRun {
  return {
    id: job.id,
    suiteId: run.id,
    name: job.name,
    headSha: run.headSha,
    status: job.status,
    conclusion: job.conclusion,
    startedAt: job.startedAt,
    completedAt: job.completedAt,
    detailsUrl: jobUrl(world, repository, { run, job }),
    externalId: '',
    output: { title: null, summary: null, text: null },
    annotations: [],
    app: null,
  };
}

/** Newest first. */
export function statusesOf(repository: Repository, sha: string): CommitStatus[] {
  return repository.statuses.filter((status) => status.sha === sha);
}

/** The last word of each context. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const all = statusesOf(repository, sha);
  return all.filter((status, at) => all.findIndex((each) => each.context === status.context) === at);
}
