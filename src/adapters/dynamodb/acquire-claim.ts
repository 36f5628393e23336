import { type ClaimRecord, type Lease, leaseOf } from '../../domain/claim.ts';
import { scopeOf } from '../../domain/coordination/budget-decisions.ts';
import type { Reservation } from '../../domain/coordination/budget-record.ts';
import { type AcquisitionDecision, decideAcquisition } from '../../domain/coordination/claim-decisions.ts';
import type { AcquireOptions, AcquireResult } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { readBudget } from './budget-item.ts';
import { readCaps, type StoredCaps } from './caps-item.ts';
import { readClaim } from './claim-item.ts';
import { acquireUpdate } from './claim-updates.ts';
import { commitClaim, type SeenClaim } from './commit-claim.ts';
import { contend } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { budgetKey, capsKey, claimKey, keyText } from './item-keys.ts';

export interface ClaimTable {
  readonly table: DynamoTable;
  readonly clock: Clock;
  /** Fences up to here count as granted. */
  readonly floor: () => Promise<number>;
}

/** What lies in the table, as one look saw it. */
interface Seen extends Pick<SeenClaim, 'claim' | 'caps'> {
  readonly book: Parameters<typeof decideAcquisition>[2]['book'];
}

/**
 * Without a reservation: one conditional write, whose refusal brings the holder's record along. With one: a consistent
 * read of the claim, its books and their limits, and one transaction. The read is not spared by writing blindly: a
 * transaction does not tell the fence that it gave, and the limits of a book that is opened must be the ones that are set.
 */
export async function acquireClaim(
  { table, clock, floor }: ClaimTable,
  options: AcquireOptions,
): Promise<AcquireResult> {
  const { key, holder, leaseId, ttlMs, reserve, holderIsDead } = options;
  const fenceFloor = await floor();
  let seen: Seen | undefined;
  if (reserve === undefined) {
    const now = clock.now();
    const outcome = await table.update(acquireUpdate({ key, holder, leaseId, ttlMs, now, fenceFloor }));
    const current = outcome.kind === 'written' ? outcome.before : outcome.current;
    const claim = current && readClaim(current);
    if (outcome.kind === 'written') {
      return grantedOver(claim?.record, { key, leaseId, expiresAt: now + ttlMs, fenceFloor });
    }
    seen = { claim, caps: () => undefined, book: () => undefined };
  }

  const decide = (from: Seen, dead: boolean): AcquisitionDecision => {
    const asked = { key, holder, leaseId, ttlMs, now: clock.now(), holderIsDead: dead, fenceFloor };
    const caps = (scope: string) => from.caps(scope)?.caps;
    return decideAcquisition(from.claim?.record, { ...asked, ...(reserve && { reserve }) }, { book: from.book, caps });
  };

  return contend(table, `the claim ${key}`, async (goneBooks) => {
    const from = seen ?? (await look(table, key, reserve));
    seen = undefined;
    let decision = decide(from, false);
    const byRun = decision.kind === 'refused' && isRunOfAgent(decision.record);
    if (decision.kind === 'refused' && byRun) decision = decide(from, await holderIsDead(decision.record));
    if (decision.kind === 'already-mine') return { kind: 'granted', lease: leaseOf(decision.record) };
    if (decision.kind !== 'granted') return decision;

    const { record, stolenFrom, changes } = decision;
    const commit = await commitClaim(table, { ...from, goneBooks }, { changes, now: record.acquiredAt });
    if (commit.kind === 'changed') return commit;
    return { kind: 'granted', lease: leaseOf(record), ...(stolenFrom && { stolenFrom }) };
  });
}

function grantedOver(
  before: ClaimRecord | undefined,
  { fenceFloor, ...granted }: Omit<Lease, 'fence'> & { readonly fenceFloor: number },
): AcquireResult {
  const lease = { ...granted, fence: (before?.fence ?? fenceFloor) + 1 };
  return { kind: 'granted', lease, ...(before?.state === 'held' && { stolenFrom: before }) };
}

function isRunOfAgent({ holder }: ClaimRecord): boolean {
  return holder.kind === 'agent' && holder.workflowRun !== undefined;
}

async function look(table: DynamoTable, key: string, reserve: Reservation | undefined): Promise<Seen> {
  const books = (reserve?.draws ?? []).map((draw) => draw.key);
  const scopes = [...new Set(books.map(scopeOf))];
  const keys = [claimKey(key), ...books.map(budgetKey), ...scopes.map(capsKey)];
  const found = await table.getMany(keys);
  const claim = found.get(keyText(claimKey(key)));
  return {
    claim: claim && readClaim(claim),
    book: (book) => {
      const item = found.get(keyText(budgetKey(book)));
      return item && readBudget(item);
    },
    caps: (scope): StoredCaps | undefined => {
      const item = found.get(keyText(capsKey(scope)));
      return item && readCaps(item);
    },
  };
}
