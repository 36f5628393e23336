import type { ClaimKey, ClaimRecord } from '../claim.ts';
import type { ActivityChange } from './activity.ts';
import { applyBudgetChange, type BudgetChange, booksOf } from './budget-changes.ts';
import type { BudgetCaps, BudgetKey, BudgetRecord, BudgetScope } from './budget-record.ts';
import { applyClaimChange, type ClaimChange, claimOf } from './claim-changes.ts';

/** What the stream says of claims and budgets, added up. Maps that grow with it: made for replaying a whole stream. */
export interface ReplayedClaims {
  readonly claims: Map<ClaimKey, ClaimRecord>;
  /** By claim, then effect: the fence that began it. */
  readonly effects: Map<ClaimKey, Map<string, number>>;
  readonly budgets: Map<BudgetKey, BudgetRecord>;
  readonly caps: Map<BudgetScope, BudgetCaps>;
  fenceFloor: number;
}

export function emptyReplay(): ReplayedClaims {
  return { claims: new Map(), effects: new Map(), budgets: new Map(), caps: new Map(), fenceFloor: 0 };
}

export function isClaimChange(change: ActivityChange): change is ClaimChange {
  return change.type.startsWith('claim.');
}

export function isBudgetChange(change: ActivityChange): change is BudgetChange {
  return change.type.startsWith('budget.');
}

/** Adds one change; those about other things leave it as it is. */
export function replayClaims(state: ReplayedClaims, change: ActivityChange): void {
  if (change.type === 'state.restored') state.fenceFloor = change.floor;
  if (change.type === 'state.found') {
    const { found } = change;
    if (found.kind === 'claim') state.claims.set(found.claim.key, found.claim);
    if (found.kind === 'budget') state.budgets.set(found.budget.key, found.budget);
  }
  if (isClaimChange(change)) {
    const key = claimOf(change);
    state.claims.set(key, applyClaimChange(state.claims.get(key), change));
    if (change.type === 'claim.effect') replayEffect(state, change);
  }
  if (isBudgetChange(change)) {
    for (const key of booksOf(change)) {
      const book = applyBudgetChange(state.budgets.get(key), change, key);
      if (book !== undefined) state.budgets.set(key, book);
    }
    if (change.type === 'budget.limited') state.caps.set(change.scope, change.caps);
  }
}

function replayEffect(state: ReplayedClaims, change: Extract<ClaimChange, { readonly type: 'claim.effect' }>): void {
  const known = state.effects.get(change.key) ?? new Map<string, number>();
  state.effects.set(change.key, known.set(change.effect, change.fence));
}
