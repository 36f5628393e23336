import { EntropyError } from '../../../domain/error.ts';
import { emitRunEvent } from '../events/run-events.ts';
import type { World } from '../world.ts';
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
      const before = world.runs.find(runId)?.status;
      const run = world.runs.update(runId, change);
      const repository = world.store.repositories().find((each) => each.runs.has(runId));
      const { status } = run;
      const told = status !== before && (status === 'in_progress' || status === 'completed');
      if (told && repository !== undefined) void emitRunEvent(world, repository, run, status);
    },
    setLog: (runId, log) => world.runs.setLog(runId, log),
    onCancel: (listener) => world.runs.onCancel(listener),
  };
}
