import type { TrajectoryEvent } from './trajectory.ts';

export const phases = ['issue', 'command', 'claim', 'setup', 'agent', 'publish', 'read-back'] as const;
export type Phase = (typeof phases)[number];

/** What a person watching the life of an issue is told, in order; the command line draws its timeline from these. */
export type LifeEvent =
  | { readonly type: 'phase.started'; readonly phase: Phase; readonly subject: string }
  | {
      readonly type: 'phase.finished';
      readonly phase: Phase;
      readonly ok: boolean;
      /** `issue #1`, `/agent fix`, `octo/slug#1  fence 1`. */
      readonly subject: string;
      /** `"slugify drops the last word" by alice`, `lease 30 min`. */
      readonly detail: string;
      readonly durationMs: number;
    }
  | { readonly type: 'step'; readonly event: TrajectoryEvent }
  /** A line of a job's log, for `--verbose`. */
  | { readonly type: 'log'; readonly job: string; readonly line: string };
