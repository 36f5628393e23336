import type { JobRun } from './job-run.ts';

export interface StepSignalRequest {
  readonly job: JobRun;
  readonly outer: AbortSignal;
  readonly minutes: number | undefined;
  /** Asked when the job is cancelled while the step runs: is its condition still true? Then it may finish. */
  readonly wantsToGoOn: () => boolean;
}

export interface StepSignal {
  readonly signal: AbortSignal;
  reason(): 'none' | 'cancelled' | 'timed-out';
  /** Leaves neither timer nor listener behind. */
  release(): void;
}

/** Ends a step when its time is up, when the step around it ends, or when its job is cancelled and it has no say. */
export function stepSignal(request: StepSignalRequest): StepSignal {
  const { job, outer } = request;
  const controller = new AbortController();
  const timer = new AbortController();
  let reason: ReturnType<StepSignal['reason']> = 'none';

  const end = (why: 'cancelled' | 'timed-out'): void => {
    if (reason !== 'none') return;
    reason = why;
    controller.abort();
  };
  const onOuter = (): void => end('cancelled');
  const onJobCancelled = (): void => {
    if (!goesOn(request)) end('cancelled');
  };
  if (outer.aborted || job.killSignal.aborted) end('cancelled');
  outer.addEventListener('abort', onOuter, { once: true });
  job.killSignal.addEventListener('abort', onOuter, { once: true });
  // The cancel may have come between the condition and this line; a step that starts after it says so once more.
  if (job.cancelSignal.aborted) onJobCancelled();
  else job.cancelSignal.addEventListener('abort', onJobCancelled, { once: true });
  if (request.minutes !== undefined) {
    job.services.clock.sleep(request.minutes * 60_000, timer.signal).then(
      () => end('timed-out'),
      () => {},
    );
  }
  return {
    signal: controller.signal,
    reason: () => reason,
    release: () => {
      timer.abort();
      outer.removeEventListener('abort', onOuter);
      job.killSignal.removeEventListener('abort', onOuter);
      job.cancelSignal.removeEventListener('abort', onJobCancelled);
    },
  };
}

function goesOn(request: StepSignalRequest): boolean {
  try {
    return request.wantsToGoOn();
  } catch {
    // A condition that cannot be evaluated any more is no reason to go on; GitHub cancels the step too.
    return false;
  }
}
