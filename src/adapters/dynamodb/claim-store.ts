import { leaseOf } from '../../domain/claim.ts';
import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { decideRelease, decideRenewal, decideTakingOver } from '../../domain/coordination/claim-decisions.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { acquireClaim } from './acquire-claim.ts';
import { beginEffect } from './begin-effect.ts';
import { readClaim, type StoredClaim } from './claim-item.ts';
import { releaseUpdate, renewUpdate } from './claim-updates.ts';
import { type Commit, commitClaim } from './commit-claim.ts';
import { contend } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { knownFloor } from './fence-floor.ts';
import { claimKey } from './item-keys.ts';
import { listClaims } from './list-claims.ts';

/** Claims in DynamoDB. The frequent changes are one conditional write; what also moves budgets is one transaction. */
export function createDynamoClaimStore(table: DynamoTable, clock: Clock): ClaimStore {
  const floor = knownFloor(table, clock);
  const load = async (key: string): Promise<StoredClaim | undefined> => {
    const item = await table.get(claimKey(key));
    return item && readClaim(item);
  };
  const commit = (
    claim: StoredClaim | undefined,
    goneBooks: ReadonlySet<BudgetKey>,
    write: Parameters<typeof commitClaim>[2],
  ): Promise<Commit> => commitClaim(table, { claim, goneBooks, caps: () => undefined }, write);

  return {
    acquire: (options) => acquireClaim({ table, clock, floor }, options),

    takeOver: (options) =>
      contend(table, `the claim ${options.key}`, async (goneBooks) => {
        const claim = await load(options.key);
        const now = clock.now();
        const decision = decideTakingOver(claim?.record, { ...options, now, fenceFloor: await floor() });
        if (decision.kind === 'refused') return decision;
        if (decision.kind === 'already-mine') return { kind: 'granted', lease: leaseOf(decision.record) };
        const { record, takenFrom, changes } = decision;
        const written = await commit(claim, goneBooks, { changes, now });
        if (written.kind === 'changed') return written;
        return { kind: 'granted', lease: leaseOf(record), ...(takenFrom && { takenFrom }) };
      }),

    renew: async (lease, ttlMs, progress = false) => {
      const renewal = { ttlMs, now: clock.now(), progress };
      const outcome = await table.update(renewUpdate(lease, renewal));
      if (outcome.kind === 'written') return { ...lease, expiresAt: renewal.now + ttlMs };
      let claim = outcome.current && readClaim(outcome.current);
      return contend(table, `the claim ${lease.key}`, async (goneBooks) => {
        const decision = decideRenewal(claim?.record, lease, renewal);
        if (decision.kind === 'not-mine') return undefined;
        const written = await commit(claim, goneBooks, { changes: decision.changes, now: renewal.now });
        if (written.kind === 'written') return { kind: 'renewed', lease: leaseOf(decision.record) } as const;
        claim = await load(lease.key);
        return written;
      }).then((result) => result?.lease);
    },

    release: async (lease, spent) => {
      const now = clock.now();
      const outcome = await table.update(releaseUpdate(lease, now));
      if (outcome.kind === 'written') return { kind: 'released' };
      let claim = outcome.current && readClaim(outcome.current);
      return contend(table, `the claim ${lease.key}`, async (goneBooks) => {
        const decision = decideRelease(claim?.record, lease, spent);
        if (decision.kind !== 'released') return decision;
        const written = await commit(claim, goneBooks, { changes: decision.changes, now });
        if (written.kind === 'written') return { kind: 'released' };
        claim = await load(lease.key);
        return written;
      });
    },

    beginEffect: (lease, effect) => beginEffect(table, clock, { lease, effect }),
    read: async (key) => (await load(key))?.record,
    list: (filter) => listClaims(table, filter),
  };
}
