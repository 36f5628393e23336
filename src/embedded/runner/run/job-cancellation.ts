import type { Clock } from '../../../ports/clock.ts';

/** What GitHub gives a cancelled job to end by itself (docs: "Workflow cancellation reference"). */
const cancelGraceMs = 5 * 60_000;

/** Cancelling one job: first asked, after five minutes forced. */
export interface JobCancellation {
  readonly cancelSignal: AbortSignal;
  readonly killSignal: AbortSignal;
  /** Text for people; undefined while the job goes on. */
  reason(): string | undefined;
  cancel(reason: string): void;
  /** Cancels when the minutes are over. */
  limit(minutes: number): void;
  /** Leaves no timer behind. */
  release(): void;
}

export function createJobCancellation(clock: Clock): JobCancellation {
  const cancelled = new AbortController();
  const killed = new AbortController();
  const timers = new AbortController();
  let why: string | undefined;

  const after = (ms: number, act: () => void): void => {
    clock.sleep(ms, timers.signal).then(act, () => {});
  };
  const cancel = (reason: string): void => {
    if (why !== undefined) return;
    why = reason;
    cancelled.abort(new Error(reason));
    after(cancelGraceMs, () => killed.abort());
  };
  return {
    cancelSignal: cancelled.signal,
    killSignal: killed.signal,
    reason: () => why,
    cancel,
    limit: (minutes) => {
      const message = `The job has exceeded the maximum execution time of ${minutes} minutes`;
      after(minutes * 60_000, () => cancel(message));
    },
    release: () => timers.abort(),
  };
}
