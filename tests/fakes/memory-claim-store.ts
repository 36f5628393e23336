import { type ClaimRecord, leaseOf } from '../../src/domain/claim.ts';
import type { ActivityChange } from '../../src/domain/coordination/activity.ts';
import { applyBudgetChange, booksOf } from '../../src/domain/coordination/budget-changes.ts';
import type { BudgetsSeen } from '../../src/domain/coordination/budget-decisions.ts';
import type { BudgetRecord } from '../../src/domain/coordination/budget-record.ts';
import { applyClaimChange, claimOf } from '../../src/domain/coordination/claim-changes.ts';
import {
  decideAcquisition,
  decideEffect,
  decideRelease,
  decideRenewal,
  decideTakingOver,
} from '../../src/domain/coordination/claim-decisions.ts';
import { passes } from '../../src/domain/coordination/claim-filter.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** Claims and the budgets that they draw from, in maps: passes the same contract as the real stores. */
export function memoryClaimStore(clock: Clock): ClaimStore {
  const records = new Map<string, ClaimRecord>();
  const books = new Map<string, BudgetRecord>();
  const effects = new Set<string>();
  const budgets: BudgetsSeen = { book: (key) => books.get(key), caps: () => undefined };

  const apply = (changes: readonly ActivityChange[]): void => {
    for (const change of changes) {
      switch (change.type) {
        case 'budget.reserved':
        case 'budget.settled':
          for (const key of booksOf(change)) {
            const book = applyBudgetChange(books.get(key), change, key);
            if (book !== undefined) books.set(key, book);
          }
          break;
        case 'claim.acquired':
        case 'claim.stolen':
        case 'claim.taken-over':
        case 'claim.renewed':
        case 'claim.released':
          records.set(claimOf(change), applyClaimChange(records.get(claimOf(change)), change));
          break;
        case 'claim.effect':
          effects.add(JSON.stringify([change.key, change.effect]));
          break;
        default:
          throw new Error(`a claim store has nothing to do with ${change.type}`);
      }
    }
  };

  return {
    acquire: async ({ key, holder, leaseId, ttlMs, reserve, holderIsDead: ask }) => {
      for (;;) {
        const seen = records.get(key);
        const request = { key, holder, leaseId, ttlMs, now: clock.now(), ...(reserve && { reserve }) };
        const asked = decideAcquisition(seen, { ...request, holderIsDead: false }, budgets);
        const worthAsking = asked.kind === 'refused' && asked.record.holder.workflowRun !== undefined;
        const holderIsDead = worthAsking && asked.record.holder.kind === 'agent' && (await ask(asked.record));
        if (records.get(key) !== seen) continue;
        const decision = decideAcquisition(seen, { ...request, holderIsDead }, budgets);
        if (decision.kind === 'refused' || decision.kind === 'over-budget') return decision;
        if (decision.kind === 'already-mine') return { kind: 'granted', lease: leaseOf(decision.record) };
        apply(decision.changes);
        const { record, stolenFrom } = decision;
        return { kind: 'granted', lease: leaseOf(record), ...(stolenFrom && { stolenFrom }) };
      }
    },
    takeOver: async (options) => {
      const decision = decideTakingOver(records.get(options.key), { ...options, now: clock.now() });
      if (decision.kind === 'refused') return decision;
      if (decision.kind === 'already-mine') return { kind: 'granted', lease: leaseOf(decision.record) };
      apply(decision.changes);
      const { record, takenFrom } = decision;
      return { kind: 'granted', lease: leaseOf(record), ...(takenFrom && { takenFrom }) };
    },
    renew: async (lease, ttlMs, progress = false) => {
      const decision = decideRenewal(records.get(lease.key), lease, { ttlMs, now: clock.now(), progress });
      if (decision.kind === 'not-mine') return undefined;
      apply(decision.changes);
      return leaseOf(decision.record);
    },
    release: async (lease, spent) => {
      const decision = decideRelease(records.get(lease.key), lease, spent);
      if (decision.kind !== 'released') return decision;
      apply(decision.changes);
      return { kind: 'released' };
    },
    beginEffect: async (lease, effect) => {
      const before = effects.has(JSON.stringify([lease.key, effect])) ? 'begun' : 'never';
      const decision = decideEffect(records.get(lease.key), lease, { effect, before });
      if (decision.kind === 'stale') return decision;
      apply(decision.changes);
      return { kind: 'may-act', before: decision.before };
    },
    read: async (key) => records.get(key),
    async *list(filter) {
      for (const key of [...records.keys()].sort()) {
        const record = records.get(key);
        if (record !== undefined && passes(record, filter)) yield record;
      }
    },
  };
}
