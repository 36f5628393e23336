import type { LifeEvent } from './life-event.ts';
import type { Outcome } from './outcome.ts';

/** A recorded run, run again without a model, in a sandbox, on the commit that it started from. */
export interface ReplayRunOptions {
  /** Absolute path of a `trajectory.jsonl`. */
  readonly trajectory: string;
  /** Absolute path of the git repository that holds the base commit. */
  readonly repository: string;
  readonly setupCommand?: string;
  readonly testCommand?: string;
  /** Absolute path; the new trajectory and patch are left there. */
  readonly keepDir?: string;
}

export interface ReplayReport {
  readonly schema: 1;
  /** `incomplete`: the recording ended before a patch was collected (it was killed), so there is nothing to compare. */
  readonly verdict: 'same' | 'different' | 'incomplete';
  readonly reason: string;
  readonly runId: string;
  readonly baseSha: string;
  readonly recorded: { readonly outcome: Outcome | null; readonly treeSha: string | null };
  readonly replayed: { readonly outcome: Outcome; readonly treeSha: string | null };
  /** Turns replayed, and the first turn after which the tools answered differently; null when none did. */
  readonly turns: number;
  readonly firstDifference: { readonly turn: number; readonly what: string } | null;
  readonly patchPath: string | null;
  readonly trajectory: string | null;
  readonly durations: Readonly<Record<string, number>>;
}

/** Rejects with an `EntropyError` (E306 when the recording cannot be replayed at all), or with the signal's reason. */
export type ReplayRun = (
  options: ReplayRunOptions,
  onEvent: (event: LifeEvent) => void,
  signal: AbortSignal,
) => Promise<ReplayReport>;
