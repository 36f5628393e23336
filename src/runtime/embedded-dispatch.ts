import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../domain/error.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { EmbeddedGitHub } from '../embedded/github/embedded-github.ts';
import type { GitHubEvent } from '../embedded/github/state/github-event.ts';
import { createArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import { createConcurrencyCoordinator } from '../embedded/runner/plan/concurrency.ts';
import { createSlots } from '../embedded/runner/run/slots.ts';
import type { WorkflowRunReport } from '../embedded/runner/run-report.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { readEmbedded } from './embedded-api.ts';
import { payloadFacts, runOnThisMachine, summaryOf } from './embedded-runner.ts';

export interface DispatchRunnerOptions {
  readonly github: EmbeddedGitHub;
  /** Everything of the runs is put below. */
  readonly folder: string;
  readonly packageRoot: string;
  /** Of every repository. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Workflow runs at the same time; the others stay queued. Two when absent. */
  readonly atOnce?: number;
  readonly onRunnerEvent?: (run: number, event: RunnerEvent) => void;
}

export interface DispatchedReport {
  readonly run: number;
  readonly repository: RepositoryRef;
  /** Undefined: it did not come to its jobs; `fault` says why. */
  readonly report: WorkflowRunReport | undefined;
  readonly fault: string | undefined;
}

/** A runner for the embedded GitHub: takes every run that a dispatch made there, as hosted runners do. */
export interface DispatchRunner extends AsyncDisposable {
  /** Runs that ended, in the order in which they did. */
  readonly ended: readonly DispatchedReport[];
  /** Resolves when nothing that was dispatched so far is queued or running. */
  idle(): Promise<void>;
}

const requestMs = 30_000;

/** Executes the workflow files that stand in the repositories, from the commit that was dispatched, until it is disposed. */
export function startDispatchRunner(options: DispatchRunnerOptions): DispatchRunner {
  const { github } = options;
  const slots = createSlots(options.atOnce ?? 2);
  const concurrency = createConcurrencyCoordinator();
  const closing = new AbortController();
  const ended: DispatchedReport[] = [];
  const atWork = new Map<number, { readonly done: Promise<void>; readonly cancel: AbortController }>();

  const stopEvents = github.onEvent((event) => {
    if (event.name !== 'workflow_dispatch' || event.runId === undefined) return;
    const cancel = new AbortController();
    const { runId } = event;
    const signal = AbortSignal.any([closing.signal, cancel.signal]);
    const done = (async () => {
      ended.push(await takeRun({ ...options, slots, concurrency }, { event, runId }, signal));
      atWork.delete(runId);
    })();
    atWork.set(runId, { done, cancel });
  });
  const stopCancels = github.runs.onCancel((runId) =>
    atWork.get(runId)?.cancel.abort(new Error('cancelled on GitHub')),
  );
  const idle = async (): Promise<void> => {
    while (atWork.size > 0) await Promise.all([...atWork.values()].map(({ done }) => done));
  };
  return {
    ended,
    idle,
    [Symbol.asyncDispose]: async () => {
      stopEvents();
      stopCancels();
      closing.abort(new Error('the local runner is closed'));
      await idle();
    },
  };
}

interface Runner extends DispatchRunnerOptions {
  readonly slots: ReturnType<typeof createSlots>;
  readonly concurrency: ReturnType<typeof createConcurrencyCoordinator>;
}

interface Taken {
  readonly event: GitHubEvent;
  readonly runId: number;
}

/** Never throws: how it ended is what the run's record says. */
async function takeRun(runner: Runner, { event, runId }: Taken, signal: AbortSignal): Promise<DispatchedReport> {
  const { github } = runner;
  const { repository } = event;
  const log: string[] = [];
  try {
    const free = await runner.slots.take(signal);
    using _slot = { [Symbol.dispose]: free };
    github.runs.update(runId, { status: 'in_progress' });
    const report = await execute(runner, { event, runId, log }, signal);
    github.runs.update(runId, { status: 'completed', conclusion: report.conclusion, summary: summaryOf(report) });
    return { run: runId, repository, report, fault: undefined };
  } catch (error) {
    const fault = describeError(error);
    log.push(`the run did not come to its jobs: ${fault}`);
    github.runs.update(runId, { status: 'completed', conclusion: signal.aborted ? 'cancelled' : 'failure' });
    return { run: runId, repository, report: undefined, fault };
  } finally {
    github.runs.setLog(runId, log.join('\n'));
  }
}

async function execute(
  runner: Runner,
  { event, runId, log }: Taken & { readonly log: string[] },
  signal: AbortSignal,
): Promise<WorkflowRunReport> {
  const { github, folder: parent, onRunnerEvent } = runner;
  const { repository, payload } = event;
  const read = reader(runner, repository, signal);
  const record = await read<RecordAnswer>(`actions/runs/${runId}`);
  const file = await read<FileAnswer>(`contents/${record.path}?ref=${record.head_sha}`);
  const text = Buffer.from(file.content, 'base64').toString('utf8');
  const folder = join(parent, `run-${runId}`);
  await mkdir(folder, { recursive: true });
  return runOnThisMachine(
    {
      github,
      repository,
      record: { id: runId, number: record.run_number },
      workflow: { path: record.path, text },
      event: { name: event.name, payload },
      branch: record.head_branch,
      sha: record.head_sha,
      actor: payloadFacts(payload).sender,
      folder,
      jobsDir: join(folder, 'jobs'),
      packageRoot: runner.packageRoot,
      secrets: runner.secrets,
      artifacts: createArtifactStore(join(folder, 'artifacts')),
      concurrency: runner.concurrency,
      onEvent: (told) => {
        if (told.type === 'log') log.push(`${told.job} | ${told.line}`);
        if (told.type === 'job.started') log.push(`${told.job} | ── ${told.name}`);
        onRunnerEvent?.(runId, told);
      },
    },
    signal,
  );
}

interface RecordAnswer {
  readonly path: string;
  readonly run_number: number;
  readonly head_branch: string;
  readonly head_sha: string;
}

interface FileAnswer {
  readonly content: string;
}

/** As a hosted runner does: with a token of its own, which also opens private repositories. */
function reader({ github }: Runner, repository: RepositoryRef, signal: AbortSignal) {
  const token = github.mintToken({ repository, permissions: { actions: 'read', contents: 'read' } });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
  return <Answer>(path: string) => readEmbedded<Answer>(github, { repository, path, token, signal: limited });
}
