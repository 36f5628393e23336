import type { RunFacts } from './activity.ts';
import { applyRunChange, type RunActivity } from './run-changes.ts';
import { isOver, runMoves } from './run-moves.ts';
import type { RunRecord, RunState } from './run-record.ts';
import { sameData } from './same-data.ts';

export type OpenDecision =
  | { readonly kind: 'opened'; readonly run: RunRecord; readonly changes: readonly RunActivity[] }
  | { readonly kind: 'exists'; readonly run: RunRecord };

export function decideOpenRun(current: RunRecord | undefined, run: Omit<RunRecord, 'version'>): OpenDecision {
  if (current !== undefined) return { kind: 'exists', run: current };
  const opened: RunRecord = { ...run, version: 1 };
  return { kind: 'opened', run: opened, changes: [{ type: 'run.opened', run: opened }] };
}

export type RunDecision =
  | { readonly kind: 'changed'; readonly run: RunRecord; readonly changes: readonly RunActivity[] }
  | { readonly kind: 'illegal'; readonly run: RunRecord; readonly allowed: readonly RunState[] }
  | { readonly kind: 'missing' };

export interface RunRequest {
  /** Only when it stands there. */
  readonly from?: RunState;
  readonly to?: RunState;
  readonly facts?: RunFacts;
}

/**
 * A run that is over stays as it is; told the very same again it answers as if that were new. The store's clock says when
 * a run ended, and when it got further, where its teller does not.
 */
export function decideRunChange(
  run: RunRecord | undefined,
  { from: expected, to: asked, facts: told = {} }: RunRequest,
  now: number,
): RunDecision {
  if (run === undefined) return { kind: 'missing' };
  const { id, state: from } = run;
  const to = asked ?? from;
  const over = isOver(from);
  const repeated = over && to === from && sameData({ ...run, ...told, ...timesOf(run) }, run);
  if (repeated) return { kind: 'changed', run, changes: [] };
  const moves = to !== from;
  const elsewhere = expected !== undefined && expected !== from;
  const illegal = over || elsewhere || (moves && !runMoves[from].includes(to));
  if (illegal) return { kind: 'illegal', run, allowed: runMoves[from] };

  const further = told.progress !== undefined && !sameData(told.progress, run.progress);
  const facts: RunFacts = {
    ...(further && { progressAt: now }),
    ...(isOver(to) && { endedAt: now }),
    ...told,
  };
  if (moves) return changed(run, { type: 'run.moved', id, from, to, facts }, now);
  const nothingNew = sameData({ ...run, ...facts }, run);
  return nothingNew ? { kind: 'changed', run, changes: [] } : changed(run, { type: 'run.changed', id, facts }, now);
}

/** The first request counts; the run is over: nothing is left to stop. */
export function decideStop(
  run: RunRecord | undefined,
  { by, reason, now }: { readonly by: string; readonly reason: string; readonly now: number },
): RunDecision {
  if (run === undefined) return { kind: 'missing' };
  if (isOver(run.state)) return { kind: 'illegal', run, allowed: [] };
  if (run.stopRequested !== undefined) return { kind: 'changed', run, changes: [] };
  return changed(run, { type: 'run.stop-requested', id: run.id, by, reason }, now);
}

/** When somebody says the same a second time, the moment is another one. */
function timesOf({ heartbeatAt, progressAt, endedAt }: RunRecord): RunFacts {
  return { heartbeatAt, progressAt, ...(endedAt !== undefined && { endedAt }) };
}

function changed(run: RunRecord, change: RunActivity, now: number): RunDecision {
  return { kind: 'changed', run: applyRunChange(run, change, now), changes: [change] };
}
