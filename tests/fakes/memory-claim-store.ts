import { type ClaimRecord, decideAcquire, isCurrent, leaseOf, released } from '../../src/domain/claim.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** Claims in a map: passes the same contract as the real stores. */
export function memoryClaimStore(clock: Clock): ClaimStore {
  const records = new Map<string, ClaimRecord>();
  return {
    acquire: async ({ key, holder, leaseId, ttlMs, holderIsDead: ask }) => {
      for (;;) {
        const seen = records.get(key);
        const request = { key, holder, leaseId, ttlMs, now: clock.now() };
        const asked = decideAcquire(seen, { ...request, holderIsDead: false });
        const worthAsking = asked.kind === 'refused' && asked.record.holder.workflowRun !== undefined;
        const holderIsDead = worthAsking && (await ask(asked.record));
        if (records.get(key) !== seen) continue;
        const decision = decideAcquire(seen, { ...request, holderIsDead });
        if (decision.kind === 'refused') return decision;
        records.set(key, decision.record);
        const stolen = decision.kind === 'granted' ? decision.stolenFrom : undefined;
        return { kind: 'granted', lease: leaseOf(decision.record), ...(stolen && { stolenFrom: stolen }) };
      }
    },
    renew: async (lease, ttlMs) => {
      const record = records.get(lease.key);
      if (record === undefined || !isCurrent(record, lease)) return undefined;
      const renewed = { ...record, expiresAt: clock.now() + ttlMs, ttlMs };
      records.set(lease.key, renewed);
      return leaseOf(renewed);
    },
    release: async (lease) => {
      const record = records.get(lease.key);
      if (record === undefined || !isCurrent(record, lease)) return false;
      records.set(lease.key, released(record));
      return true;
    },
    read: async (key) => records.get(key),
  };
}
