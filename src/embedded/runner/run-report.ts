import type { ArtifactRecord } from './artifact/artifact-store.ts';

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface StepReport {
  readonly name: string;
  /** After `continue-on-error`. */
  readonly conclusion: Conclusion;
  /** Before `continue-on-error`. */
  readonly outcome: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly durationMs: number;
  /** Masked. The first and the last lines when there were too many to keep. */
  readonly log: string;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly job: string;
  readonly step: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface StepSummary {
  readonly job: string;
  readonly step: string;
  /** Masked Markdown. */
  readonly markdown: string;
}

export interface JobReport {
  /** `gate`; `call/gate` for a job of a called workflow; `build (1)` for the second leg of a matrix. */
  readonly id: string;
  /** As GitHub shows it: `call / gate`, `build (linux, 24)`. */
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepReport[];
  readonly durationMs: number;
}

export interface WorkflowRunReport {
  /** `skipped`: the event does not start this workflow, or every job was skipped; `reason` says which. */
  readonly conclusion: Conclusion;
  readonly reason: string;
  /** In the order in which they ended. */
  readonly jobs: readonly JobReport[];
  readonly summary: readonly StepSummary[];
  readonly annotations: readonly Annotation[];
  readonly artifacts: readonly ArtifactRecord[];
  /** What this runner ignored that GitHub would not have (`environment:` and the like). */
  readonly notes: readonly string[];
}
