import type { RunRecord } from './run-record.ts';

/** The last moment that something was heard of the run. */
export function seenAt(run: RunRecord): number {
  return Math.max(run.startedAt, run.heartbeatAt, run.endedAt ?? 0);
}
