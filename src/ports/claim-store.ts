import type { ClaimHolder, ClaimKey, ClaimRecord, Lease } from '../domain/claim.ts';
import type { Amounts } from '../domain/coordination/amounts.ts';
import type { BudgetShortage, Reservation } from '../domain/coordination/budget-record.ts';
import type { ClaimFilter } from '../domain/coordination/claim-filter.ts';

export type AcquireResult =
  | { readonly kind: 'granted'; readonly lease: Lease; readonly stolenFrom?: ClaimRecord }
  /** The record tells who holds it, since when, until when and why. */
  | { readonly kind: 'refused'; readonly record: ClaimRecord }
  /** The claim was free, a budget was not: nothing was taken. */
  | { readonly kind: 'over-budget'; readonly shortage: BudgetShortage };

export interface AcquireOptions {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  /** Taken together with the claim or not at all. */
  readonly reserve?: Reservation;
  /** Asked only when the claim is held by an agent's workflow run: does that run still live? */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
}

export interface TakeOverOptions {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  /** The fence that the person saw; refused when it has moved on since. */
  readonly expectedFence?: number;
}

export type TakeOverResult =
  | { readonly kind: 'granted'; readonly lease: Lease; readonly takenFrom?: ClaimRecord }
  | { readonly kind: 'refused'; readonly record: ClaimRecord };

export type ReleaseResult =
  | { readonly kind: 'released' }
  /** By this very lease, earlier: an answer was lost. */
  | { readonly kind: 'already-released' }
  /** Somebody else's now, or never there. */
  | { readonly kind: 'not-mine'; readonly record?: ClaimRecord };

/**
 * `never`: this effect was not begun before. `begun`: it was, by this fence or an earlier one of the same key and effect;
 * look whether it happened before doing it again. `unknown`: this store keeps no effects; look first.
 */
export type EffectResult =
  | { readonly kind: 'may-act'; readonly before: 'never' | 'begun' | 'unknown' }
  | { readonly kind: 'stale'; readonly record?: ClaimRecord };

/** Who works on what. At most one holder a key; the fence grows with every grant and never shrinks. */
export interface ClaimStore {
  acquire(options: AcquireOptions): Promise<AcquireResult>;
  /** By a person's decision: also from a living holder. The fence grows, so the old holder can write no more. */
  takeOver(options: TakeOverOptions): Promise<TakeOverResult>;
  /** Longer lease, same fence; undefined when the lease is no longer the current one. `progress`: it got further. */
  renew(lease: Lease, ttlMs: number, progress?: boolean): Promise<Lease | undefined>;
  /** Frees the claim and keeps its fence. `spent` settles its reservation; without a figure all of it is booked. */
  release(lease: Lease, spent?: Amounts): Promise<ReleaseResult>;
  /** Before a write to GitHub: is the fence still current, and was this effect begun before? Both in one step. */
  beginEffect(lease: Lease, effect: string): Promise<EffectResult>;
  read(key: ClaimKey): Promise<ClaimRecord | undefined>;
  /** In the order of their keys. */
  list(filter: ClaimFilter): AsyncIterable<ClaimRecord>;
}
