import type { RunEnd } from '../domain/coordination/task-after-run.ts';
import type { OpenRun } from '../domain/open-run.ts';
import type { ClaimStore, ReleaseResult } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Books } from './coordinated-run.ts';
import { endRun } from './end-run.ts';

/** Who keeps the claims, and the books of runs and tasks where there is a coordinator. */
export interface ClaimKeeper {
  readonly claims: ClaimStore;
  readonly clock: Clock;
  readonly books?: Books;
}

/**
 * A run has ended: its claim becomes free, what it reserved and did not use goes back to the budgets, and a coordinator's
 * books tell how it ended. Safe to repeat.
 */
export async function letGo(
  { claims, clock, books }: ClaimKeeper,
  { runId, role, lease }: OpenRun,
  end: RunEnd,
): Promise<ReleaseResult['kind']> {
  if (books === undefined) return (await claims.release(lease, end.spent)).kind;
  const ended = await endRun({ ...books, claims, clock }, { runId, lease, end, actor: `${role}/${runId}` });
  return ended.claim;
}
