import { EntropyError } from '../../../domain/error.ts';
import type { Account } from '../state/accounts.ts';
import type { Repository } from '../state/repository-state.ts';
import type { Conclusion, RunJob, RunStatus, WorkflowRun } from '../state/run-state.ts';
import type { Store } from '../state/store.ts';

export interface NewRun {
  readonly repository: Repository;
  readonly name: string;
  readonly workflowPath: string;
  readonly event: string;
  readonly title: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly actor: Account;
}

export interface RunChange {
  readonly status?: RunStatus;
  readonly conclusion?: Conclusion | null;
  readonly attempt?: number;
  readonly jobs?: readonly Omit<RunJob, 'id'>[];
  readonly summary?: string;
}

export type CancelListener = (runId: number) => void;

/** The record of workflow runs. Whoever executes workflows writes it; GitHub only shows it and passes a cancel on. */
export class WorkflowRuns {
  readonly #store: Store;
  readonly #now: () => string;
  readonly #cancelListeners = new Set<CancelListener>();
  readonly #workflowIds = new Map<string, number>();
  #nextId = 10_000_000_001;

  constructor(store: Store, now: () => string) {
    this.#store = store;
    this.#now = now;
  }

  create(run: NewRun): WorkflowRun {
    const now = this.#now();
    const { repository, ...rest } = run;
    const number = [...repository.runs.values()].filter((each) => each.workflowPath === run.workflowPath).length + 1;
    const created: WorkflowRun = {
      ...rest,
      id: this.#nextId++,
      number,
      workflowId: this.workflowId(repository, run.workflowPath),
      createdAt: now,
      startedAt: now,
      updatedAt: now,
      attempt: 1,
      status: 'queued',
      conclusion: null,
      jobs: [],
      log: '',
      jobLogs: new Map(),
      summary: '',
    };
    repository.runs.set(created.id, created);
    return created;
  }

  /** One number for each workflow file, as GitHub gives out. */
  workflowId(repository: Repository, path: string): number {
    const key = `${repository.id} ${path}`;
    const id = this.#workflowIds.get(key) ?? this.#store.id();
    this.#workflowIds.set(key, id);
    return id;
  }

  update(runId: number, change: RunChange): WorkflowRun {
    const run = this.#required(runId);
    run.status = change.status ?? run.status;
    run.conclusion = change.conclusion === undefined ? run.conclusion : change.conclusion;
    run.attempt = change.attempt ?? run.attempt;
    run.summary = change.summary ?? run.summary;
    if (change.jobs !== undefined) run.jobs = this.#withIds(run, change.jobs);
    run.updatedAt = this.#now();
    return run;
  }

  setLog(runId: number, log: string): void {
    this.#required(runId).log = log;
  }

  /** `job`: its name. Nothing when the run has no such job yet. */
  setJobLog(runId: number, job: string, log: string): void {
    const run = this.#required(runId);
    const id = run.jobs.find((each) => each.name === job)?.id;
    if (id !== undefined) run.jobLogs.set(id, log);
  }

  find(runId: number): WorkflowRun | undefined {
    for (const repository of this.#store.repositories()) {
      const run = repository.runs.get(runId);
      if (run !== undefined) return run;
    }
    return undefined;
  }

  onCancel(listener: CancelListener): () => void {
    this.#cancelListeners.add(listener);
    return () => this.#cancelListeners.delete(listener);
  }

  /** Somebody pressed "cancel": the run ends when its executor has ended it. */
  requestCancel(runId: number): void {
    for (const listener of this.#cancelListeners) listener(runId);
  }

  #required(runId: number): WorkflowRun {
    const run = this.find(runId);
    if (run !== undefined) return run;
    throw new EntropyError({
      code: 'E801',
      message: `the embedded GitHub knows no workflow run ${runId}`,
      fix: 'Create the run first (runs.create) and use the id that it returns.',
    });
  }

  /** A job keeps its id over updates, by its name. */
  #withIds(run: WorkflowRun, jobs: readonly Omit<RunJob, 'id'>[]): RunJob[] {
    return jobs.map((job) => {
      const known = run.jobs.find((each) => each.name === job.name);
      return { ...job, id: known?.id ?? this.#store.id() };
    });
  }
}
