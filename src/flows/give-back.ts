import { type ClaimRecord, leaseOf } from '../domain/claim.ts';
import { type Amounts, nothing } from '../domain/coordination/amounts.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { spentOrReserved } from '../domain/coordination/spent-or-reserved.ts';
import type { RunEnd } from '../domain/coordination/task-after-run.ts';
import { isAtWork } from '../domain/coordination/task-moves.ts';
import type { ReleaseResult } from '../ports/claim-store.ts';
import { type EndBooks, endRun } from './end-run.ts';

export interface GiveBackRequest {
  /** The claim as it was read; it must be held. */
  readonly claim: ClaimRecord;
  readonly actor: string;
  /** How the work ended; absent: it was not done, and whoever comes next may do it. */
  readonly end?: Omit<RunEnd, 'spent'>;
  /** What the person says that it used. */
  readonly told?: Partial<Amounts>;
}

/** A claim is given back by hand. When a run of ours holds it, the run and its task are told as well. */
export async function giveBack(books: EndBooks, request: GiveBackRequest): Promise<ReleaseResult['kind']> {
  const { claim, actor, end } = request;
  const lease = leaseOf(claim);
  const { runId } = claim.holder;
  const run = await books.runs.read(runId);
  const spent = spentUntil(request, run);
  if (run === undefined) return (await books.claims.release(lease, spent)).kind;
  if (end !== undefined) return (await endRun(books, { runId, lease, end: { ...end, spent }, actor })).claim;

  const reason = `given back by ${actor}`;
  const endedAt = books.clock.now();
  await books.runs.change(runId, { to: 'cancelled', facts: { reason, endedAt, spent }, actor });
  const task = await books.tasks.read(claim.key);
  const atWork = task !== undefined && isAtWork(task.state);
  if (atWork && task.runId === runId) {
    const facts = { reason, stage: 'given back', progress: 0, costMicroUsd: task.costMicroUsd + spent.microUsd };
    await books.tasks.change({ key: claim.key, actor, to: 'ready', facts, lease });
  }
  return (await books.claims.release(lease, spent)).kind;
}

/** What to book for the work under a claim. People use none of what was reserved. What is said now counts before all else. */
export function spentUntil({ claim: { holder, reservation }, told }: GiveBackRequest, run?: RunRecord): Amounts {
  const reserved = holder.kind === 'human' ? nothing : reservation?.amounts;
  return { ...spentOrReserved(run, reserved), ...told };
}
