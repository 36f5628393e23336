import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { LifeEvent } from '../domain/life-event.ts';
import { fullName } from '../domain/repository.ts';
import type { TrajectoryEvent } from '../domain/trajectory.ts';
import type { ArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import type { RunnerEvent } from '../embedded/runner/runner-event.ts';
import { readEmbeddedHandOver } from './embedded-hand-over.ts';
import { findJobTrajectory } from './embedded-trajectory.ts';
import { tellPhases } from './told-phases.ts';
import { type WatchedTrajectory, watchTrajectory } from './watched-trajectory.ts';

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
  readonly artifacts: Pick<ArtifactStore, 'list'>;
  readonly onEvent: (event: LifeEvent) => void;
}

export interface LifeWatch {
  readonly see: (event: RunnerEvent) => void;
  /** Ends what is being followed, and tells what was still to be told. */
  readonly done: () => Promise<void>;
  /** Milliseconds by the job steps that people care about. */
  readonly durations: Readonly<Record<string, number>>;
  /** Every line of every job, for the run's page. */
  readonly log: readonly string[];
}

type StepFinished = Extract<RunnerEvent, { type: 'step.finished' }>;
type JobFinished = Extract<RunnerEvent, { type: 'job.finished' }>;

/** Tells the run of the shipped workflow as a story: from the runner's events, the task and the live trajectory. */
export function watchLife({ jobsDir, artifacts, onEvent }: LifeWatchOptions): LifeWatch {
  const phases = tellPhases(onEvent);
  const log: string[] = [];
  const stepMs: Record<string, number> = {};
  let steps: WatchedTrajectory | undefined;
  let told: Promise<void> = Promise.resolve();
  let sandbox = '';

  const step = (event: TrajectoryEvent): void => {
    if (event.type === 'sandbox.ready') sandbox = `sandbox ${event.description}`;
    onEvent({ type: 'step', event });
  };

  const stepStarted = (name: string): void => {
    if (name === watchedSteps.setup) phases.started('setup', 'set-up command');
    if (name === watchedSteps.publish) phases.started('publish', '');
    if (name !== watchedSteps.agent) return;
    phases.started('agent', 'coder');
    const clock = createSystemClock();
    steps = watchTrajectory({ path: (signal) => findJobTrajectory(jobsDir, clock, signal), clock, onEvent: step });
  };

  const stepFinished = ({ step: name, conclusion, durationMs }: StepFinished): void => {
    if (conclusion === 'skipped') return;
    const ok = conclusion === 'success';
    stepMs[name] = durationMs;
    if (name === watchedSteps.setup) phases.finished({ phase: 'setup', ok, subject: 'set-up command', durationMs });
    if (name !== watchedSteps.agent) return;
    const ended = steps?.end() ?? Promise.resolve();
    told = ended.finally(() => phases.finished({ phase: 'agent', ok, subject: 'coder', detail: sandbox, durationMs }));
    // Whoever waits for `done` is told.
    told.catch(() => undefined);
  };

  const gateFinished = ({ conclusion, durationMs: jobMs }: JobFinished): void => {
    const { task } = readEmbeddedHandOver(artifacts);
    const ok = conclusion === 'success' && task !== undefined;
    const by = task?.requestedBy;
    const detail = by === undefined ? 'not admitted' : `${by.login} may: ${by.permission}`;
    const durationMs = stepMs[watchedSteps.gate] ?? jobMs;
    phases.finished({ phase: 'command', ok, subject: '/agent fix', detail, durationMs });
    if (task === undefined) return;
    const minutes = Math.round((task.lease.expiresAt - task.admittedAt) / 60_000);
    const subject = `${fullName(task.repository)}#${task.issue.number}  fence ${task.lease.fence}`;
    phases.passed('claim', { subject, detail: `lease ${minutes} min` });
  };

  const publishFinished = ({ outputs }: JobFinished): void => {
    const ok = outputs['outcome'] === 'succeeded';
    const pull = outputs['pull-request'] ?? '';
    const subject = pull === '' ? (outputs['outcome'] ?? 'nothing') : `pull request #${pull}`;
    const durationMs = stepMs[watchedSteps.publish] ?? 0;
    phases.finished({ phase: 'publish', ok, subject, detail: outputs['branch'] ?? '', durationMs });
    if (ok) phases.passed('read-back', { subject: 'branch, pull request, comment', detail: '' });
  };

  const see = (event: RunnerEvent): void => {
    switch (event.type) {
      case 'log':
        log.push(`${event.job} | ${event.line}`);
        onEvent({ type: 'log', job: event.job, line: event.line });
        return;
      case 'job.started':
        log.push(`${event.job} | ── ${event.name}`);
        return;
      case 'step.started':
        stepStarted(event.step);
        return;
      case 'step.finished':
        stepFinished(event);
        return;
      case 'job.finished':
        if (event.job.endsWith('gate')) gateFinished(event);
        if (event.job.endsWith('publish')) publishFinished(event);
        return;
    }
  };

  return {
    see,
    done: async () => {
      await steps?.end();
      await told;
    },
    durations: phases.durations,
    log,
  };
}
