import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { followTrajectory } from '../adapters/filesystem/trajectory-follow.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { LifeEvent, Phase } from '../domain/life-event.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import type { ArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { handOverFiles } from './hand-over.ts';

/** The steps of `.github/workflows/agent.yml` that a watcher is told about; a test keeps the names equal. */
export const watchedSteps = {
  gate: 'Admit the event',
  setup: 'Set the workspace up, before any key is here',
  agent: 'Work on the issue',
  publish: 'Publish',
} as const;

export interface LifeWatchOptions {
  /** Where the runner keeps its jobs. */
  readonly jobsDir: string;
  readonly artifacts: ArtifactStore;
  readonly repository: RepositoryRef;
  readonly issue: number;
  readonly actor: string;
  readonly onEvent: (event: LifeEvent) => void;
  /** Every line of every job, for the run's page. */
  readonly log: string[];
}

export interface LifeWatch {
  readonly see: (event: RunnerEvent) => void;
  /** Ends what is being followed. */
  readonly done: () => Promise<void>;
  readonly durations: () => Readonly<Record<string, number>>;
}

/** Tells the run of the shipped workflow as a story: from the runner's events, the task and the live trajectory. */
export function watchLife(options: LifeWatchOptions): LifeWatch {
  const { onEvent, log } = options;
  const durations: Record<string, number> = {};
  const stop = new AbortController();
  let following: Promise<void> = Promise.resolve();
  let sandbox = '';

  const finish = (phase: Phase, ok: boolean, text: { subject: string; detail: string }, durationMs: number): void => {
    durations[phase] = Math.round(durationMs);
    onEvent({ type: 'phase.finished', phase, ok, ...text, durationMs });
  };

  const started = (step: string): void => {
    if (step === watchedSteps.setup) onEvent({ type: 'phase.started', phase: 'setup', subject: 'set-up command' });
    if (step === watchedSteps.publish) onEvent({ type: 'phase.started', phase: 'publish', subject: '' });
    if (step !== watchedSteps.agent) return;
    onEvent({ type: 'phase.started', phase: 'agent', subject: 'coder' });
    following = follow();
  };

  const follow = async (): Promise<void> => {
    const path = await trajectoryOfAgentJob(options.jobsDir, stop.signal);
    if (path === undefined) return;
    await followTrajectory(path, {
      clock: createSystemClock(),
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'sandbox.ready') sandbox = `sandbox ${event.description}`;
        onEvent({ type: 'step', event });
      },
    });
  };

  const gateFinished = (ok: boolean, durationMs: number): void => {
    const task = takenTask(options);
    const may = task === undefined ? 'not admitted' : `${task.requestedBy.login} may: ${task.requestedBy.permission}`;
    finish('command', ok && task !== undefined, { subject: '/agent fix', detail: may }, durationMs);
  };

  const claimTold = (): void => {
    const task = takenTask(options);
    if (task === undefined) return;
    const minutes = Math.round((task.lease.expiresAt - task.admittedAt) / 60_000);
    const subject = `${fullName(task.repository)}#${task.issue.number}  fence ${task.lease.fence}`;
    onEvent({ type: 'phase.started', phase: 'claim', subject });
    onEvent({
      type: 'phase.finished',
      phase: 'claim',
      ok: true,
      subject,
      detail: `lease ${minutes} min`,
      durationMs: 0,
    });
  };

  const see = (event: RunnerEvent): void => {
    if (event.type === 'log') {
      log.push(`${event.job} | ${event.line}`);
      onEvent({ type: 'log', job: event.job, line: event.line });
    } else if (event.type === 'job.started') {
      log.push(`${event.job} | ── ${event.name}`);
    } else if (event.type === 'step.started') {
      started(event.step);
    } else if (event.type === 'step.finished' && event.conclusion !== 'skipped') {
      const ok = event.conclusion === 'success';
      if (event.step === watchedSteps.gate) durations['gate'] = event.durationMs;
      if (event.step === watchedSteps.setup)
        finish('setup', ok, { subject: 'set-up command', detail: '' }, event.durationMs);
      if (event.step === watchedSteps.agent) {
        stop.abort();
        const words = { subject: 'coder', detail: sandbox };
        following = following.finally(() => finish('agent', ok, words, event.durationMs));
      }
      if (event.step === watchedSteps.publish) durations['publish'] = Math.round(event.durationMs);
    } else if (event.type === 'job.finished' && event.job.endsWith('gate')) {
      gateFinished(event.conclusion === 'success', durations['gate'] ?? event.durationMs);
      claimTold();
    } else if (event.type === 'job.finished' && event.job.endsWith('publish')) {
      published(event.outputs);
    }
  };

  const published = (outputs: Readonly<Record<string, string>>): void => {
    const ok = outputs['outcome'] === 'succeeded';
    const pull = outputs['pull-request'] ?? '';
    const subject = pull === '' ? (outputs['outcome'] ?? 'nothing') : `pull request #${pull}`;
    finish('publish', ok, { subject, detail: outputs['branch'] ?? '' }, durations['publish'] ?? 0);
    if (!ok) return;
    const readBack = 'branch, pull request, comment';
    onEvent({ type: 'phase.started', phase: 'read-back', subject: readBack });
    onEvent({ type: 'phase.finished', phase: 'read-back', ok, subject: readBack, detail: '', durationMs: 0 });
  };

  return {
    see,
    done: async () => {
      stop.abort();
      await following;
    },
    durations: () => durations,
  };
}

/** The task as the gate uploaded it; undefined when it admitted nothing. */
function takenTask({ artifacts }: LifeWatchOptions): Task | undefined {
  const folder = artifacts.list().find(({ name }) => name === 'entropy-task')?.folder;
  if (folder === undefined) return undefined;
  return JSON.parse(readFileSync(join(folder, handOverFiles.task), 'utf8')) as Task;
}

/** Where the agent job writes its trajectory: `<jobs>/<job>/<repository>/<repository>/entropy-result`. */
async function trajectoryOfAgentJob(jobsDir: string, signal: AbortSignal): Promise<string | undefined> {
  const clock = createSystemClock();
  while (!signal.aborted) {
    const found = jobFolders(jobsDir).map((folder) => join(folder, 'entropy-result', handOverFiles.trajectory));
    const path = found.find((candidate) => existsSync(candidate));
    if (path !== undefined) return path;
    await clock.sleep(25, signal).catch(() => undefined);
  }
  return jobFolders(jobsDir)
    .map((folder) => join(folder, 'entropy-result', handOverFiles.trajectory))
    .find((candidate) => existsSync(candidate));
}

function jobFolders(jobsDir: string): string[] {
  const below = (folder: string): string[] => {
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  };
  return below(join(jobsDir, 'jobs')).flatMap(below).flatMap(below);
}
