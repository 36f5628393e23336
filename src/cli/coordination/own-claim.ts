import type { ClaimKey, ClaimRecord } from '../../domain/claim.ts';
import type { CoordinationRoom } from '../../runtime/coordination-room.ts';
import { heldBySomebodyElse, notHeld } from './claim-view.ts';

/** The claim of the lease that was named, or the one under our own name; somebody else's is E700. */
export async function ownClaim(
  room: CoordinationRoom,
  key: ClaimKey,
  { actor, lease }: { readonly actor: string; readonly lease: string | undefined },
): Promise<ClaimRecord> {
  const record = await room.store.claims.read(key);
  if (record?.state !== 'held') throw notHeld(record, key);
  const mine = lease === undefined ? record.holder.owner === actor : record.leaseId === lease;
  if (!mine) throw heldBySomebodyElse(record, room.clock.now(), lease === undefined ? 'name-its-lease' : 'wait');
  return record;
}
