import type { ClaimHolder, ClaimKey, ClaimRecord, Lease } from '../../../src/domain/claim.ts';
import type { AcquireOptions, ClaimStore } from '../../../src/ports/claim-store.ts';
import type { ClaimAnswer, ClaimCall, SeenClaim } from './claim-operation.ts';

export interface Asker {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  /** What the caller answers when the store asks whether the run behind a claim has ended. */
  readonly isDead: AcquireOptions['holderIsDead'];
}

/** Puts one call of a history to a real store and tells its answer as the history does. */
export async function askClaimStore(store: ClaimStore, call: ClaimCall, asker: Asker): Promise<ClaimAnswer> {
  const { key, holder } = asker;
  switch (call.kind) {
    case 'acquire': {
      const { leaseId, ttlMs } = call;
      const toldDead: string[] = [];
      const holderIsDead = async (record: ClaimRecord): Promise<boolean> => {
        const dead = await asker.isDead(record);
        if (dead) toldDead.push(record.leaseId);
        return dead;
      };
      const result = await store.acquire({ key, holder, leaseId, ttlMs, holderIsDead });
      const told = toldDead.length > 0 ? { toldDead } : {};
      switch (result.kind) {
        case 'granted':
          return { ...grantOf(result.lease, result.stolenFrom), ...told };
        case 'refused':
          return { kind: 'refused', seen: seenOf(result.record), ...told };
        case 'over-budget':
          throw new Error(`${key}: refused for a budget that nobody asked for`);
        default:
          return result satisfies never;
      }
    }
    case 'take-over': {
      const { leaseId, ttlMs, expectedFence } = call;
      const seen = expectedFence === undefined ? {} : { expectedFence };
      const result = await store.takeOver({ key, holder, leaseId, ttlMs, ...seen });
      return result.kind === 'granted'
        ? grantOf(result.lease, result.takenFrom)
        : { kind: 'refused', seen: seenOf(result.record) };
    }
    case 'renew': {
      const lease = await store.renew(leaseOfCall(key, call), call.ttlMs);
      return lease === undefined
        ? { kind: 'stale' }
        : { kind: 'renewed', fence: lease.fence, expiresAt: lease.expiresAt };
    }
    case 'release': {
      const result = await store.release(leaseOfCall(key, call));
      return result.kind === 'not-mine' ? staleOf(result.record) : { kind: result.kind };
    }
    case 'effect': {
      const result = await store.beginEffect(leaseOfCall(key, call), call.effect);
      return result.kind === 'stale' ? staleOf(result.record) : result;
    }
    case 'read': {
      const record = await store.read(key);
      return record === undefined ? { kind: 'read' } : { kind: 'read', seen: seenOf(record) };
    }
    default:
      return call satisfies never;
  }
}

/** Stores go by lease id and fence; until when a lease was good is for its holder alone. */
function leaseOfCall(key: ClaimKey, { leaseId, fence }: { readonly leaseId: string; readonly fence: number }): Lease {
  return { key, leaseId, fence, expiresAt: 0 };
}

function grantOf({ fence, expiresAt }: Lease, from: ClaimRecord | undefined): ClaimAnswer & { kind: 'granted' } {
  return { kind: 'granted', fence, expiresAt, ...(from && { from: seenOf(from) }) };
}

function staleOf(record: ClaimRecord | undefined): ClaimAnswer {
  return record === undefined ? { kind: 'stale' } : { kind: 'stale', seen: seenOf(record) };
}

function seenOf({ state, holder, leaseId, fence, expiresAt }: ClaimRecord): SeenClaim {
  return { state, holder: holder.kind, leaseId, fence, expiresAt };
}
