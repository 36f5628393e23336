import { addUsage, noUsage, type Spend } from './budget.ts';
import type { TrackingStep } from './tracking-comment.ts';
import type { TrajectoryEvent } from './trajectory.ts';

/** What a tracking comment tells of a run that is going on, as far as its trajectory has come. */
export interface TrackingProgress {
  readonly step: TrackingStep;
  /** What happens right now; undefined while the model thinks. */
  readonly now?: { readonly subject: string; readonly since: number };
  /** How often each subject was begun, for "2nd time". */
  readonly counts: Readonly<Record<string, number>>;
  readonly spend: Spend;
  readonly startedAt: number;
  readonly sandbox?: string;
}

export function startProgress(at: number): TrackingProgress {
  return {
    step: 'read',
    counts: {},
    spend: { turns: 0, usage: noUsage, costMicroUsd: 0, elapsedMs: 0 },
    startedAt: at,
  };
}

const changing = new Set(['edit_file', 'write_file']);

/** The progress after one more event. Steps only go forward: reading again after an edit is still "change and test". */
export function nextProgress(progress: TrackingProgress, event: TrajectoryEvent): TrackingProgress {
  const { spend, startedAt } = progress;
  const elapsed = { ...spend, elapsedMs: Math.max(0, event.at - startedAt) };
  switch (event.type) {
    case 'sandbox.ready':
      return { ...progress, sandbox: event.description };
    case 'model.replied': {
      const { now: _ended, ...rest } = progress;
      const turns = event.turn;
      const costMicroUsd = spend.costMicroUsd + event.costMicroUsd;
      return { ...rest, spend: { ...elapsed, turns, usage: addUsage(spend.usage, event.usage), costMicroUsd } };
    }
    case 'tool.started': {
      const step = changing.has(event.tool) && progress.step === 'read' ? 'change' : progress.step;
      const counts = { ...progress.counts, [event.subject]: (progress.counts[event.subject] ?? 0) + 1 };
      return { ...progress, step, counts, now: { subject: event.subject, since: event.at }, spend: elapsed };
    }
    case 'run.submitted':
    case 'run.reported':
      return { ...progress, step: 'publish', spend: elapsed };
    default:
      return { ...progress, spend: elapsed };
  }
}
