import { EntropyError } from '../error.ts';
import type { ActivityChange } from './activity.ts';
import type { RunRecord } from './run-record.ts';

export type RunActivity = Extract<ActivityChange, { readonly type: `run.${string}` }>;

export function runOf(change: RunActivity): string {
  return change.type === 'run.opened' ? change.run.id : change.id;
}

/** The run's record after a change that happened at `at`. */
export function applyRunChange(run: RunRecord | undefined, change: RunActivity, at: number): RunRecord {
  if (change.type === 'run.opened') return change.run;
  if (run === undefined) throw unknownRun(change);
  const version = run.version + 1;
  switch (change.type) {
    case 'run.moved':
      return { ...run, ...change.facts, state: change.to, version };
    case 'run.changed':
      return { ...run, ...change.facts, version };
    case 'run.stop-requested':
      return { ...run, stopRequested: { by: change.by, at, reason: change.reason }, version };
    default:
      return change satisfies never;
  }
}

function unknownRun(change: RunActivity): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `the stream tells ${change.type} of run ${runOf(change)}, which was never opened`,
    fix: 'report it; the stream or the code that replays it lost an event',
  });
}
