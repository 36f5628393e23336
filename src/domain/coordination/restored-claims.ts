import type { ClaimRecord } from '../claim.ts';
import type { ActivityChange } from './activity.ts';

/** More grants than one key can see between two backups. */
export const fenceEpoch = 1_000_000;

/**
 * A fence above everything that was granted up to `highest`, and above what may have been granted since. When the state
 * that is replaced cannot be read it may have been a restored one itself, with a floor that nobody remembers: then the time
 * in milliseconds is the floor, which no earlier one reaches and no key outruns.
 */
export function floorAbove(highest: number, replaced: { readonly known: boolean; readonly now: number }): number {
  const next = (Math.floor(highest / fenceEpoch) + 1) * fenceEpoch;
  return replaced.known ? next : Math.max(next, replaced.now);
}

/**
 * What a restored state must say of a claim that was held when its backup was made. Its run may have lost the claim since
 * then and others may have had it, so no lease of before counts: the fence moves above all of them. The holder stays, so
 * that nobody begins the same work before that lease has run out; then it is swept like any other, and its task with it.
 */
export function restoredClaim(record: ClaimRecord, floor: number): readonly ActivityChange[] {
  if (record.state === 'free') return [];
  const { holder, fence } = record;
  const claim = { ...record, fence: floor, leaseId: `restored/${floor}/${record.leaseId}` };
  return [{ type: 'claim.taken-over', claim, from: { runId: holder.runId, fence } }];
}
