import { type ClaimRecord, isExpired, isLookKey, type Lease } from '../domain/claim.ts';
import { nothing } from '../domain/coordination/amounts.ts';
import { spentOrReserved } from '../domain/coordination/spent-or-reserved.ts';
import { isAtWork } from '../domain/coordination/task-moves.ts';
import type { TaskState } from '../domain/coordination/task-record.ts';
import type { ClaimStore } from '../ports/claim-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { type EndBooks, endOf, endRun } from './end-run.ts';
import { finishEnded } from './finish-ended.ts';

export interface SweepBooks extends EndBooks {
  readonly claims: Pick<ClaimStore, 'acquire' | 'release' | 'list'>;
  readonly tasks: Pick<TaskStore, 'read' | 'change'>;
  readonly runs: Pick<RunStore, 'open' | 'read' | 'change'>;
  /** Whether GitHub says that the run behind a claim has ended; false when it does not tell. */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
  readonly newId: () => string;
}

export interface SweepRequest {
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** Without progress for this long a living run is told of. */
  readonly staleAfterMs: number;
  /** Looks, and changes nothing. */
  readonly dryRun?: boolean;
}

export interface SweptClaim {
  readonly claim: ClaimRecord;
  readonly why: 'lease-ran-out' | 'run-ended';
  /** Where its task stands now; absent when the claim is of no task, or the task was not the dead run's. */
  readonly task?: TaskState;
}

export interface SweepReport {
  readonly freed: readonly SweptClaim[];
  /** Held by living agents that got no further for long: told, not taken. */
  readonly stale: readonly ClaimRecord[];
  readonly looked: number;
}

/** Long enough for the few writes below; when the sweeper dies in between, the next one takes over after it. */
const sweepLeaseMs = 60_000;

/**
 * Frees what dead agents hold. The sweeper takes each claim under its own lease, by the same conditional write as any
 * thief: of two sweepers one wins, and a holder that renewed in the last moment keeps its claim. Under that lease it ends
 * the dead run and hands its task back. People's claims are never touched.
 */
export async function sweepClaims(
  books: SweepBooks,
  request: SweepRequest,
  signal?: AbortSignal,
): Promise<SweepReport> {
  const { claims, clock, holderIsDead } = books;
  const held = {
    state: 'held',
    kind: 'agent',
    ...(request.prefix !== undefined && { prefix: request.prefix }),
  } as const;
  const freed: SweptClaim[] = [];
  const stale: ClaimRecord[] = [];
  let looked = 0;

  for await (const claim of claims.list(held)) {
    signal?.throwIfAborted();
    looked += 1;
    const expired = isExpired(claim, clock.now());
    const ended = !expired && claim.holder.workflowRun !== undefined && (await holderIsDead(claim));
    if (expired || ended) {
      const why = expired ? 'lease-ran-out' : 'run-ended';
      const swept = request.dryRun === true ? ({ claim, why } as const) : await sweepOne(books, claim, why);
      if (swept !== undefined) freed.push(swept);
      continue;
    }
    const lastProgress = claim.progressAt ?? claim.acquiredAt;
    if (clock.now() - lastProgress > request.staleAfterMs) stale.push(claim);
  }
  return { freed, stale, looked };
}

/** Undefined: somebody was faster, or the holder came back. */
async function sweepOne(
  books: SweepBooks,
  claim: ClaimRecord,
  why: SweptClaim['why'],
): Promise<SweptClaim | undefined> {
  const finished = await finishEnded(books, claim, sweeper);
  if (finished.kind === 'finished') return { claim, why, ...(finished.task && { task: finished.task }) };
  const id = books.newId();
  const acquired = await books.claims.acquire({
    key: claim.key,
    holder: { owner: sweeper, runId: `sweep-${id}`, kind: 'agent', reason: `${claim.holder.runId}: ${reasons[why]}` },
    leaseId: id,
    ttlMs: sweepLeaseMs,
    // Asked about the very record that is replaced: it may be another holder's by now.
    holderIsDead: async (record) => why === 'run-ended' && record.leaseId === claim.leaseId,
  });
  if (acquired.kind !== 'granted') return undefined;
  // What was taken from is what the grant replaced, which may be younger than what the list told.
  const task = await clearUp(books, acquired.lease, { swept: acquired.stolenFrom ?? claim, why });
  await books.claims.release(acquired.lease, nothing);
  return { claim, why, ...(task !== undefined && { task }) };
}

/** The run is found through its task, not through the claim: an earlier sweeper may have died here before. */
async function clearUp(
  books: SweepBooks,
  lease: Lease,
  { swept, why }: { readonly swept: ClaimRecord; readonly why: SweptClaim['why'] },
): Promise<TaskState | undefined> {
  if (isLookKey(lease.key)) {
    await endLook(books, lease, { swept, why });
    return undefined;
  }
  const task = await books.tasks.read(lease.key);
  const atWork = task !== undefined && isAtWork(task.state);
  if (task?.runId === undefined || !atWork) return task?.state;
  const run = await books.runs.read(task.runId);
  const reserved = swept.holder.runId === task.runId ? swept.reservation?.amounts : undefined;
  // The sweeper's own lease reserves nothing, so nothing is booked a second time with this.
  const spent = spentOrReserved(run, reserved);
  const end = (run && endOf(run)) ?? { outcome: 'failed', reason: reasons[why], spent };
  const ended = await endRun(books, { runId: task.runId, lease, end, actor: sweeper });
  return ended.task.kind === 'moved' ? ended.task.task.state : task.state;
}

/** No task names the run that looked at a pull request: the claim does. */
async function endLook(
  books: SweepBooks,
  lease: Lease,
  { swept, why }: { readonly swept: ClaimRecord; readonly why: SweptClaim['why'] },
): Promise<void> {
  const { runId } = swept.holder;
  const run = await books.runs.read(runId);
  if (run === undefined || endOf(run) !== undefined) return;
  const spent = spentOrReserved(run, swept.reservation?.amounts);
  await endRun(books, { runId, lease, end: { outcome: 'failed', reason: reasons[why], spent }, actor: sweeper });
}

const sweeper = 'sweeper';

const reasons = {
  'lease-ran-out': 'its lease ran out: the agent died, or lost its connection',
  'run-ended': 'its workflow run ended without a word',
} as const;
