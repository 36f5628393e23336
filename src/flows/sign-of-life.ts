import { type ClaimRecord, leaseOf } from '../domain/claim.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import { beginRun } from './begin-run.ts';
import type { RunBooks } from './open-run.ts';

/**
 * Whoever renews a lease by hand has no other heartbeat: the run behind the claim hears that it lives, with the first such
 * sign that it has begun. Tells who asked it to stop.
 */
export async function signOfLife(books: RunBooks, claim: ClaimRecord): Promise<RunRecord['stopRequested']> {
  const { runId, owner } = claim.holder;
  const run = await books.runs.read(runId);
  if (run?.state === 'queued') await beginRun(books, runId, leaseOf(claim));
  const facts = { heartbeatAt: books.clock.now() };
  const change = await books.runs.change(runId, { facts, actor: owner });
  return change.kind === 'missing' ? undefined : change.run.stopRequested;
}
