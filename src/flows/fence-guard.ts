import { isCurrent } from '../domain/claim.ts';
import { EntropyError } from '../domain/error.ts';
import type { PublishRun } from './publish-run.ts';

const renewWhenLeftMs = 5 * 60_000;
const renewForMs = 10 * 60_000;

/** A lease that would run out during publishing is made longer first. E701 when it is somebody else's by now. */
export async function secureLease(run: PublishRun): Promise<void> {
  const { claims, clock, task } = run;
  if (run.dryRun || task.lease.expiresAt - clock.now() > renewWhenLeftMs) return;
  const renewed = await claims.renew(task.lease, renewForMs);
  if (renewed === undefined) throw await lost(run);
}

/**
 * Before every write: has the run been stopped, and is its fence still the current one? A run that was delayed for
 * longer than its lease must not write over the work of its successor (Kleppmann, 2016). E701 otherwise.
 */
export async function mayWrite(run: PublishRun): Promise<void> {
  run.signal.throwIfAborted();
  const record = await run.claims.read(run.task.lease.key);
  if (!isCurrent(record, run.task.lease)) throw await lost(run);
}

async function lost({ claims, task }: PublishRun): Promise<EntropyError> {
  const record = await claims.read(task.lease.key);
  const taken = record?.state === 'held';
  const by = taken ? `run ${record.holder.runId} has it now, with fence ${record.fence}` : 'it was released';
  return new EntropyError({
    code: 'E701',
    message: `run ${task.runId} no longer holds the claim ${task.lease.key}: ${by}`,
    fix: taken ? 'wait for the run that has the claim' : 'comment /agent fix to start a new run',
  });
}
