import type { DatabaseSync } from 'node:sqlite';
import { type ClaimKey, type ClaimRecord, isSameGrant, type Lease, leaseOf } from '../../domain/claim.ts';
import {
  type AcquisitionDecision,
  type Changes,
  decideAcquisition,
  decideEffect,
  decideRelease,
  decideRenewal,
  decideTakingOver,
} from '../../domain/coordination/claim-decisions.ts';
import { claimEvents } from '../../domain/coordination/claim-events.ts';
import type { AcquireOptions, AcquireResult, ClaimStore } from '../../ports/claim-store.ts';
import { budgetsSeen } from './budget-rows.ts';
import { effectBefore, readClaim, readClaims, readFenceFloor } from './claim-rows.ts';
import type { Database } from './database.ts';
import { writeClaimChanges } from './write-claim-changes.ts';

const pageSize = 200;

/**
 * Claims with their budgets, slots, effects and events, each change in one transaction. A refusal is read from what is
 * committed and needs no lock; whatever is to be granted is decided again under it.
 */
export function createSqliteClaimStore(database: Database): ClaimStore {
  const { clock } = database;

  const decide = (db: DatabaseSync, options: AcquireOptions, dead: Lease | undefined): AcquisitionDecision => {
    const { key, holder, leaseId, ttlMs, reserve } = options;
    const current = readClaim(db, key);
    const holderIsDead = dead !== undefined && isSameGrant(current, dead);
    const request = { key, holder, leaseId, ttlMs, now: clock.now(), holderIsDead, fenceFloor: readFenceFloor(db) };
    return decideAcquisition(current, { ...request, ...(reserve && { reserve }) }, budgetsSeen(db));
  };

  /** Decides about the claim as it is under the lock, writes what the decision changes, and gives the decision back. */
  const change = <Decision extends { readonly kind: string; readonly changes?: Changes }>(
    key: ClaimKey,
    decideAbout: (current: ClaimRecord | undefined, db: DatabaseSync) => Decision,
  ): Promise<Decision> =>
    database.write((db) => {
      const before = readClaim(db, key);
      const decision = decideAbout(before, db);
      writeClaimChanges(db, clock, claimEvents(decision.changes ?? [], { key, before }));
      return decision;
    });

  return {
    acquire: async (options) => {
      let dead: Lease | undefined;
      for (;;) {
        const asked = dead;
        const seen = database.read((db) => decide(db, options, asked));
        const decision: AcquisitionDecision =
          seen.kind === 'granted' ? await change(options.key, (_, db) => decide(db, options, asked)) : seen;
        // The holder may have changed while its predecessor was asked about; then the new one is asked about as well.
        const worthAsking =
          decision.kind === 'refused' &&
          isRun(decision.record) &&
          (dead === undefined || !isSameGrant(decision.record, dead));
        if (!worthAsking || !(await options.holderIsDead(decision.record))) return acquireResult(decision);
        dead = leaseOf(decision.record);
      }
    },

    takeOver: async (options) => {
      const decision = await change(options.key, (current, db) =>
        decideTakingOver(current, { ...options, now: clock.now(), fenceFloor: readFenceFloor(db) }),
      );
      if (decision.kind === 'refused') return decision;
      const takenFrom = decision.kind === 'granted' ? decision.takenFrom : undefined;
      return { kind: 'granted', lease: leaseOf(decision.record), ...(takenFrom && { takenFrom }) };
    },

    renew: async (lease, ttlMs, progress = false) => {
      const renewal = { ttlMs, now: clock.now(), progress };
      const decision = await change(lease.key, (current) => decideRenewal(current, lease, renewal));
      return decision.kind === 'renewed' ? leaseOf(decision.record) : undefined;
    },

    release: async (lease, spent) => {
      const decision = await change(lease.key, (current) => decideRelease(current, lease, spent));
      return decision.kind === 'released' ? { kind: 'released' } : decision;
    },

    beginEffect: async (lease, effect) => {
      const decision = await change(lease.key, (current, db) =>
        decideEffect(current, lease, { effect, before: effectBefore(db, lease.key, effect) }),
      );
      return decision.kind === 'may-act' ? { kind: 'may-act', before: decision.before } : decision;
    },

    read: async (key) => database.read((db) => readClaim(db, key)),

    async *list(filter) {
      let after = '';
      for (;;) {
        const page = database.read((db) => readClaims(db, filter, { after, limit: pageSize }));
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return;
        after = last.key;
      }
    },
  };
}

function acquireResult(decision: AcquisitionDecision): AcquireResult {
  switch (decision.kind) {
    case 'refused':
    case 'over-budget':
      return decision;
    case 'already-mine':
      return { kind: 'granted', lease: leaseOf(decision.record) };
    case 'granted': {
      const { record, stolenFrom } = decision;
      return { kind: 'granted', lease: leaseOf(record), ...(stolenFrom && { stolenFrom }) };
    }
    default:
      return decision satisfies never;
  }
}

/** Held by an agent whose run GitHub knows about. */
function isRun({ holder }: ClaimRecord): boolean {
  return holder.kind === 'agent' && holder.workflowRun !== undefined;
}
