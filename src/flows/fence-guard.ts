import type { ClaimRecord } from '../domain/claim.ts';
import { EntropyError } from '../domain/error.ts';
import type { PublishRun } from './publish-run.ts';

const renewWhenLeftMs = 5 * 60_000;
const renewForMs = 10 * 60_000;

/** A lease that would run out during publishing is made longer first. E701 when it is somebody else's by now. */
export async function secureLease(run: PublishRun): Promise<void> {
  const { claims, clock, task } = run;
  const enough = run.dryRun || run.heartbeat === true;
  if (enough || task.lease.expiresAt - clock.now() > renewWhenLeftMs) return;
  const renewed = await claims.renew(task.lease, renewForMs);
  if (renewed === undefined) throw lost(run, await claims.read(task.lease.key));
}

/** What a run does to GitHub, named alike in every try, so that a store can tell whether it was begun before. */
export type Effect =
  | 'commit'
  | 'branch'
  | 'kept-branch'
  | 'pull-request'
  | 'update'
  | 'hold'
  | 'merge'
  | 'settle'
  | 'labels'
  | 'issue'
  | 'dependency'
  | 'comment'
  | 'review'
  | 'answer'
  | 'thread'
  | 'dismiss'
  | 'close';

/**
 * Before every write: has the run been stopped, and is its fence still the current one? A run that was delayed for
 * longer than its lease must not write over the work of its successor (Kleppmann, 2016). E701 otherwise.
 *
 * `never`: this effect was not begun before, so there is nothing to look for; else look first. One step, so no further look
 * at the claim belongs between this and the write.
 */
export async function mayWrite(run: PublishRun, effect: Effect): Promise<'never' | 'begun' | 'unknown'> {
  run.signal.throwIfAborted();
  const begun = await run.claims.beginEffect(run.task.lease, effect);
  if (begun.kind === 'stale') throw lost(run, begun.record);
  return begun.before;
}

function lost({ task }: PublishRun, record: ClaimRecord | undefined): EntropyError {
  const taken = record?.state === 'held';
  const by = taken ? `run ${record.holder.runId} has it now, with fence ${record.fence}` : 'it was released';
  return new EntropyError({
    code: 'E701',
    message: `run ${task.runId} no longer holds the claim ${task.lease.key}: ${by}`,
    fix: taken ? 'wait for the run that has the claim' : 'comment /agent fix to start a new run',
  });
}
