import { EntropyError } from '../../../domain/error.ts';
import { emitCheckRunEvent } from '../events/check-events.ts';
import { emitRunEvent } from '../events/run-events.ts';
import { mergeWhatIsReady } from '../pulls/auto-merge.ts';
import type { Repository } from '../state/repository-state.ts';
import type { RunJob, WorkflowRun } from '../state/run-state.ts';
import type { World } from '../world.ts';
import { checkOfJob } from './job-checks.ts';
import type { CancelListener, RunChange } from './workflow-runs.ts';

export interface RunSeed {
  readonly repository: { readonly owner: string; readonly name: string };
  /** `.github/workflows/agent.yml`. */
  readonly workflowPath: string;
  readonly name: string;
  readonly event: string;
  readonly title: string;
  readonly headBranch: string;
  readonly headSha: string;
  /** Login of whoever caused it. */
  readonly actor: string;
}

export interface CreatedRun {
  readonly id: number;
  readonly number: number;
  /** The page for people. */
  readonly url: string;
}

/** How whoever executes workflows tells GitHub about it. */
export interface RunRecords {
  create(run: RunSeed): CreatedRun;
  update(runId: number, change: RunChange): void;
  /** Replaces the log that the run's page shows. */
  setLog(runId: number, log: string): void;
  /** The log of one job, by its name, once the run has it; of jobs without one the API gives the run's. */
  setJobLog(runId: number, job: string, log: string): void;
  /** A person or the API asked for the end of a run. */
  onCancel(listener: CancelListener): () => void;
}

export function runRecords(world: World): RunRecords {
  return {
    create: ({ repository: named, actor: login, ...run }) => {
      const repository = world.store.repository(named.owner, named.name);
      const actor = world.store.accounts.find(login);
      if (repository === undefined || actor === undefined) {
        throw new EntropyError({
          code: 'E801',
          message: `a run was created for ${named.owner}/${named.name} by ${login}, and one of them is not there`,
          fix: 'Seed the repository and the user when the embedded GitHub is started.',
        });
      }
      const created = world.runs.create({ ...run, repository, actor });
      void emitRunEvent(world, repository, created, 'requested');
      const url = `${world.webUrl}/${repository.owner.login}/${repository.name}/actions/runs/${created.id}`;
      return { id: created.id, number: created.number, url };
    },
    update: (runId, change) => {
      const before = world.runs.find(runId);
      const [statusBefore, jobsBefore] = [before?.status, before?.jobs ?? []];
      const run = world.runs.update(runId, change);
      const repository = world.store.repositories().find((each) => each.runs.has(runId));
      if (repository === undefined) return;
      tellOfJobs({ world, repository, run }, jobsBefore);
      const { status } = run;
      const told = status !== statusBefore && (status === 'in_progress' || status === 'completed');
      if (told) void emitRunEvent(world, repository, run, status);
    },
    setLog: (runId, log) => world.runs.setLog(runId, log),
    setJobLog: (runId, job, log) => world.runs.setJobLog(runId, job, log),
    onCancel: (listener) => world.runs.onCancel(listener),
  };
}

interface RunScene {
  readonly world: World;
  readonly repository: Repository;
  readonly run: WorkflowRun;
}

/** Every job is a check of the run's commit: when one begins or ends, that is told as any other check's beginning and end. */
function tellOfJobs({ world, repository, run }: RunScene, before: readonly RunJob[]): void {
  const scene = { world, repository, actor: { kind: 'user', account: run.actor } } as const;
  const known = (job: RunJob): RunJob | undefined => before.find((each) => each.id === job.id);
  const tell = (job: RunJob, action: 'created' | 'completed'): void =>
    emitCheckRunEvent(scene, checkOfJob({ world, repository, run }, job), action);
  for (const job of run.jobs) if (known(job) === undefined) tell(job, 'created');
  const ended = run.jobs.filter((job) => job.status === 'completed' && known(job)?.status !== 'completed');
  for (const job of ended) tell(job, 'completed');
  if (ended.length > 0) void mergeWhatIsReady(scene, run.headSha);
}
