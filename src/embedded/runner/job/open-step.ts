import { createStepLog } from '../io/step-log.ts';
import type { Annotation, StepReport } from '../run-report.ts';
import type { JobRun, StepChannel, StepEnd } from './job-run.ts';

/** One entry of a job's list of steps: where it is reported, to people at once and in the report at its end. */
export interface OpenStep {
  readonly channel: StepChannel;
  /** Before the step does anything; a skipped step never starts. */
  start(): void;
  finish(end: StepEnd): void;
}

export function openStep(job: JobRun, rawName: string, reports: StepReport[]): OpenStep {
  const { emit, annotate, summarise, clock } = job.services;
  const step = job.masker.mask(rawName);
  const index = reports.length;
  const log = createStepLog(job.masker, (line) => emit({ type: 'log', job: job.id, step, index, line }));
  let startedAt: number | undefined;

  const channel: StepChannel = {
    stepName: step,
    log,
    annotate: (level, rawMessage, properties) => {
      log.write(`##[${level}]${rawMessage}`);
      const place = placeOf(properties);
      annotate({ level, message: job.masker.mask(rawMessage), job: job.id, step, ...place });
    },
    summarise: (markdown) => summarise({ job: job.id, step, markdown: job.masker.mask(markdown) }),
  };
  return {
    channel,
    start: () => {
      startedAt = clock.monotonic();
      emit({ type: 'step.started', job: job.id, step, index });
    },
    finish: ({ conclusion, outcome, outputs }) => {
      const durationMs = startedAt === undefined ? 0 : Math.round(clock.monotonic() - startedAt);
      const shown = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, job.masker.mask(value)]));
      reports.push({ name: step, conclusion, outcome, outputs: shown, durationMs, log: log.text() });
      emit({ type: 'step.finished', job: job.id, step, index, conclusion, outcome, durationMs });
    },
  };
}

function placeOf(properties: ReadonlyMap<string, string> | undefined): Pick<Annotation, 'title' | 'file' | 'line'> {
  const title = properties?.get('title');
  const file = properties?.get('file');
  const line = Number(properties?.get('line'));
  return {
    ...(title === undefined ? {} : { title }),
    ...(file === undefined ? {} : { file }),
    ...(Number.isInteger(line) && line > 0 ? { line } : {}),
  };
}
