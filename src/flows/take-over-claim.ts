import type { ClaimKey } from '../domain/claim.ts';
import { spentOrReserved } from '../domain/coordination/spent-or-reserved.ts';
import { isAtWork } from '../domain/coordination/task-moves.ts';
import type { ClaimStore, TakeOverResult } from '../ports/claim-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { RunBooks } from './open-run.ts';

export interface TakeOverBooks extends RunBooks {
  readonly claims: Pick<ClaimStore, 'takeOver'>;
  readonly tasks: Pick<TaskStore, 'read' | 'change'>;
  readonly newId: () => string;
}

export interface TakeOverRequest {
  readonly key: ClaimKey;
  /** The person who decides it. */
  readonly actor: string;
  readonly reason: string;
  /** The fence that the person saw. */
  readonly expectedFence?: number;
}

/** What the record of a person's claim says; it does not count, people hold until they release. */
const personTtlMs = 24 * 60 * 60_000;

/**
 * A person takes an issue from whoever works on it. The old holder's fence is over with that; its run is told to be
 * cancelled and its task is ready again, for when the person gives the claim back.
 */
export async function takeOverClaim(books: TakeOverBooks, request: TakeOverRequest): Promise<TakeOverResult> {
  const { key, actor, reason, expectedFence } = request;
  const id = books.newId();
  const taken = await books.claims.takeOver({
    key,
    holder: { owner: actor, runId: id, kind: 'human', reason },
    leaseId: id,
    ttlMs: personTtlMs,
    ...(expectedFence !== undefined && { expectedFence }),
  });
  if (taken.kind === 'refused') return taken;

  const told = `taken over by ${actor}: ${reason}`;
  const task = await books.tasks.read(key);
  const atWork = task !== undefined && isAtWork(task.state);
  if (task?.runId === undefined || !atWork) return taken;
  const run = await books.runs.read(task.runId);
  const { holder, reservation } = taken.takenFrom ?? {};
  const spent = spentOrReserved(run, holder?.runId === task.runId ? reservation?.amounts : undefined);
  await books.runs.change(task.runId, {
    to: 'cancelled',
    facts: { reason: told, endedAt: books.clock.now(), spent },
    actor,
  });
  const facts = { reason: told, stage: 'taken over', progress: 0, costMicroUsd: task.costMicroUsd + spent.microUsd };
  await books.tasks.change({ key, actor, to: 'ready', facts, lease: taken.lease });
  return taken;
}
