import { claimPlace } from '../../domain/claim-place.ts';
import { nothing } from '../../domain/coordination/amounts.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { spentOrReserved } from '../../domain/coordination/spent-or-reserved.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Forge } from '../../ports/forge.ts';
import { closeTrackingComment } from '../close-run.ts';
import { type EndBooks, endRun } from '../end-run.ts';

export interface DispatchedBooks extends EndBooks {
  readonly claims: Pick<ClaimStore, 'read' | 'release'>;
  /** Where tracking comments are; absent without a token that may write there. */
  readonly forgeOf?: (repository: RepositoryRef) => Forge | undefined;
}

export interface DispatchedEnd {
  readonly reason: string;
  readonly next: string;
}

const unheard: DispatchedEnd = {
  reason: 'Its workflow run ended without a word: it was cancelled, killed, or it lost its runner.',
  next: '`/agent retry` starts a new run.',
};

/**
 * Ends a run that was handed over and cannot end by itself, under the lease that the run itself has: its comment first, so that
 * who dies in between is followed by whoever looks next, and then record, task and claim. What never began spent nothing.
 */
export async function endDispatched(books: DispatchedBooks, run: RunRecord, end: DispatchedEnd): Promise<void> {
  const lease = { key: run.task, leaseId: run.leaseId, fence: run.fence, expiresAt: 0 };
  const place = claimPlace(run.task);
  const forge = place && books.forgeOf?.(place.repository);
  if (place !== undefined && forge !== undefined) {
    const open = { issue: place.number, runId: run.id, role: run.agent.role, lease };
    await closeTrackingComment(forge, open, { kind: 'failed', ...end });
  }
  const claim = await books.claims.read(run.task);
  const reserved = claim?.leaseId === run.leaseId ? claim.reservation?.amounts : undefined;
  const spent = run.state === 'queued' ? nothing : spentOrReserved(run, reserved);
  const ended = { outcome: 'failed', reason: end.reason, spent } as const;
  await endRun(books, { runId: run.id, lease, end: ended, actor: 'sweeper' });
}

/** A run that was picked up and whose workflow run has ended. One that is queued is started again, not ended. */
export async function endUnheardRun(books: DispatchedBooks, run: RunRecord): Promise<boolean> {
  if (run.state !== 'running' && run.state !== 'waiting') return false;
  await endDispatched(books, run, unheard);
  return true;
}

const ulid = /(?<![0-9A-Za-z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Za-z])/;

/**
 * A workflow run ended whose title names a run of ours, and that run says that this one carried it out. False: it is none, has
 * ended itself, or is another one's.
 */
export async function endDispatchedBy(
  books: DispatchedBooks,
  { title, ended }: { readonly title: string; readonly ended: { readonly id: number; readonly attempt: number } },
): Promise<boolean> {
  const named = ulid.exec(title)?.[0];
  const run = named === undefined ? undefined : await books.runs.read(named);
  const by = run?.workflowRun;
  if (run?.dispatched === undefined || by?.id !== ended.id || by.attempt > ended.attempt) return false;
  return endUnheardRun(books, run);
}
