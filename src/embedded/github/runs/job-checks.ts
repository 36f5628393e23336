import { jobUrl } from '../render/run.ts';
import type { Repository } from '../state/repository-state.ts';
import type { CheckRun, RunJob, WorkflowRun } from '../state/run-state.ts';
import type { World } from '../world.ts';

interface Place {
  readonly world: World;
  readonly repository: Repository;
}

/** All checks of a commit: those that Apps wrote, and the jobs of its workflow runs, which are checks as well. */
export function checksOf(place: Place, sha: string): CheckRun[] {
  const { repository } = place;
  const runs = [...repository.runs.values()].filter((run) => run.headSha === sha);
  const ofJobs = runs.flatMap((run) => run.jobs.map((job) => checkOfJob({ ...place, run }, job)));
  // Of the runs of one workflow the newest tells.
  const newest = ofJobs.filter((check, at) => ofJobs.findLastIndex((other) => other.name === check.name) === at);
  return [...repository.checkRuns.filter((check) => check.headSha === sha), ...newest];
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
