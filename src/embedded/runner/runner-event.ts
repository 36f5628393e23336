import type { Conclusion } from './run-report.ts';

/**
 * What happens while a workflow runs, in order. Every text is masked. `at` is milliseconds since 1970,
 * `index` the step's place in its job: names may repeat.
 */
export type RunnerEvent = { readonly at: number } & (
  | { readonly type: 'run.started'; readonly workflow: string; readonly runId: number; readonly deliveryId?: string }
  | { readonly type: 'job.started'; readonly job: string; readonly name: string }
  | { readonly type: 'step.started'; readonly job: string; readonly step: string; readonly index: number }
  | { readonly type: 'log'; readonly job: string; readonly step: string; readonly index: number; readonly line: string }
  | {
      readonly type: 'step.finished';
      readonly job: string;
      readonly step: string;
      readonly index: number;
      readonly conclusion: Conclusion;
      readonly outcome: Conclusion;
      readonly durationMs: number;
    }
  | {
      readonly type: 'job.finished';
      readonly job: string;
      readonly name: string;
      readonly conclusion: Conclusion;
      readonly outputs: Readonly<Record<string, string>>;
      readonly durationMs: number;
    }
  | { readonly type: 'run.finished'; readonly conclusion: Conclusion }
);

export type RunnerEventBody = RunnerEvent extends infer E ? (E extends RunnerEvent ? Omit<E, 'at'> : never) : never;
