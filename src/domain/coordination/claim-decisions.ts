import {
  type AcquireRequest,
  type ClaimRecord,
  decideAcquire,
  decideTakeOver,
  isCurrent,
  isSameGrant,
  type Lease,
  renewed,
  type TakeOverRequest,
} from '../claim.ts';
import type { ActivityChange } from './activity.ts';
import type { Amounts } from './amounts.ts';
import { type BudgetsSeen, decideReservation, settlementOf } from './budget-decisions.ts';
import type { BudgetShortage } from './budget-record.ts';

/** Changes in the order in which they are applied; a store writes all of them in one transaction or none. */
export type Changes = readonly ActivityChange[];

export type AcquisitionDecision =
  | {
      readonly kind: 'granted';
      readonly record: ClaimRecord;
      readonly stolenFrom?: ClaimRecord;
      readonly changes: Changes;
    }
  | { readonly kind: 'already-mine'; readonly record: ClaimRecord }
  | { readonly kind: 'refused'; readonly record: ClaimRecord }
  | { readonly kind: 'over-budget'; readonly shortage: BudgetShortage };

/**
 * Claim, budgets and slots in one decision. A dead holder's reservation is settled first, at its ceiling (nobody knows
 * what it spent), and the thief's own is taken from what is left after that; too little: nothing happens at all.
 */
export function decideAcquisition(
  current: ClaimRecord | undefined,
  request: AcquireRequest,
  budgets: BudgetsSeen,
): AcquisitionDecision {
  const decision = decideAcquire(current, request);
  if (decision.kind !== 'granted') return decision;
  const { record, stolenFrom } = decision;
  const settlement = stolenFrom === undefined ? [] : settlementOf(stolenFrom);
  const reservation = decideReservation(request.key, request.reserve, { seen: budgets, settlement });
  if (reservation.kind === 'over-budget') return reservation;
  const taken: ActivityChange =
    stolenFrom === undefined
      ? { type: 'claim.acquired', claim: record }
      : { type: 'claim.stolen', claim: record, from: grantOf(stolenFrom) };
  return { ...decision, changes: [...settlement, taken, ...reservation.changes] };
}

export type TakingOverDecision =
  | {
      readonly kind: 'granted';
      readonly record: ClaimRecord;
      readonly takenFrom?: ClaimRecord;
      readonly changes: Changes;
    }
  | { readonly kind: 'already-mine'; readonly record: ClaimRecord }
  | { readonly kind: 'refused'; readonly record: ClaimRecord };

/** The old holder may still work and spend until it meets the new fence, so its reservation is booked in full. */
export function decideTakingOver(current: ClaimRecord | undefined, request: TakeOverRequest): TakingOverDecision {
  const decision = decideTakeOver(current, request);
  if (decision.kind !== 'granted') return decision;
  const { record, takenFrom } = decision;
  const settlement = takenFrom === undefined ? [] : settlementOf(takenFrom);
  const taken: ActivityChange = {
    type: 'claim.taken-over',
    claim: record,
    ...(takenFrom && { from: grantOf(takenFrom) }),
  };
  return { ...decision, changes: [...settlement, taken] };
}

export type RenewalDecision =
  | { readonly kind: 'renewed'; readonly record: ClaimRecord; readonly changes: Changes }
  | { readonly kind: 'not-mine' };

export function decideRenewal(
  current: ClaimRecord | undefined,
  lease: Lease,
  renewal: { readonly ttlMs: number; readonly now: number; readonly progress: boolean },
): RenewalDecision {
  if (current === undefined || !isCurrent(current, lease)) return { kind: 'not-mine' };
  const record = renewed(current, renewal);
  const { key, fence, expiresAt, ttlMs, progressAt } = record;
  const change: ActivityChange = {
    type: 'claim.renewed',
    key,
    fence,
    expiresAt,
    ttlMs,
    progressAt: progressAt ?? record.acquiredAt,
  };
  return { kind: 'renewed', record, changes: [change] };
}

export type ReleaseDecision =
  | { readonly kind: 'released'; readonly changes: Changes }
  | { readonly kind: 'already-released' }
  | { readonly kind: 'not-mine'; readonly record?: ClaimRecord };

export function decideRelease(current: ClaimRecord | undefined, lease: Lease, spent?: Amounts): ReleaseDecision {
  if (current === undefined) return { kind: 'not-mine' };
  if (!isSameGrant(current, lease)) return { kind: 'not-mine', record: current };
  if (current.state === 'free') return { kind: 'already-released' };
  const { key, fence, holder } = current;
  return {
    kind: 'released',
    changes: [...settlementOf(current, spent), { type: 'claim.released', key, fence, holder }],
  };
}

/** What a store knows of an effect of a key, of whatever fence. `unknown`: it may have forgotten, as after a restore. */
export type EffectBefore = 'never' | 'begun' | 'unknown';

export type EffectDecision =
  | { readonly kind: 'may-act'; readonly before: EffectBefore; readonly changes: Changes }
  | { readonly kind: 'stale'; readonly record?: ClaimRecord };

/** An effect is told once; who begins it again is told so. */
export function decideEffect(
  current: ClaimRecord | undefined,
  lease: Lease,
  asked: { readonly effect: string; readonly before: EffectBefore },
): EffectDecision {
  if (current === undefined) return { kind: 'stale' };
  if (!isCurrent(current, lease)) return { kind: 'stale', record: current };
  const { effect, before } = asked;
  const { key, fence } = current;
  const first: Changes = [{ type: 'claim.effect', key, fence, effect }];
  return { kind: 'may-act', before, changes: before === 'begun' ? [] : first };
}

export function grantOf(record: ClaimRecord): { readonly runId: string; readonly fence: number } {
  return { runId: record.holder.runId, fence: record.fence };
}
