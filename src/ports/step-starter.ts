import type { PendingStep } from '../domain/stages/team-record.ts';

export interface StepToStart {
  /** The issue that the team works on; the step's own subject may be its pull request. */
  readonly issue: number;
  readonly step: PendingStep;
}

/** Has the run of a team's next step started: by a workflow, through a queue, or in this very process. */
export interface StepStarter {
  /**
   * May be asked twice for one step, and may start two runs then: the gate lets one of them begin it. `refused`: nobody will
   * start it until a person has changed something; what to change is in the reason. A fault that may pass is thrown.
   */
  start(
    asked: StepToStart,
  ): Promise<{ readonly kind: 'started' } | { readonly kind: 'refused'; readonly reason: string }>;
}
