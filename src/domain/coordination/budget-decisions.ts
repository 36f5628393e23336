import type { ClaimKey, ClaimRecord } from '../claim.ts';
import type { ActivityChange } from './activity.ts';
import { type Amounts, amountNames } from './amounts.ts';
import { applyBudgetChange, type BudgetChange } from './budget-changes.ts';
import {
  type BudgetCaps,
  type BudgetDraw,
  type BudgetKey,
  type BudgetRecord,
  type BudgetScope,
  type BudgetShortage,
  openBudget,
  type Reservation,
  shortageOf,
} from './budget-record.ts';

/** What a store knows of budgets at the moment of a decision. */
export interface BudgetsSeen {
  readonly book: (key: BudgetKey) => BudgetRecord | undefined;
  /** What a person set for the scope. */
  readonly caps: (scope: BudgetScope) => BudgetCaps | undefined;
}

export type ReservationDecision =
  | { readonly kind: 'reserved'; readonly changes: readonly BudgetChange[] }
  | { readonly kind: 'over-budget'; readonly shortage: BudgetShortage };

/** All draws or none. `settlement`: changes of the same transaction that come before, and free or book something. */
export function decideReservation(
  claim: ClaimKey,
  reserve: Reservation | undefined,
  { seen, settlement }: { readonly seen: BudgetsSeen; readonly settlement: readonly BudgetChange[] },
): ReservationDecision {
  if (reserve === undefined) return { kind: 'reserved', changes: [] };
  const opened: { readonly key: BudgetKey; readonly caps: BudgetCaps }[] = [];
  for (const draw of reserve.draws) {
    const stored = seen.book(draw.key);
    const fresh = stored === undefined ? openBudget(withSetCaps(draw, seen)) : undefined;
    if (fresh !== undefined) opened.push({ key: fresh.key, caps: fresh.caps });
    const book = settlement.reduce<BudgetRecord | undefined>(
      (now, change) => applyBudgetChange(now, change, draw.key),
      stored ?? fresh,
    );
    const shortage = book && shortageOf(book, reserve.amounts);
    if (shortage !== undefined) return { kind: 'over-budget', shortage };
  }
  const reservation = { keys: reserve.draws.map((draw) => draw.key), amounts: reserve.amounts };
  return { kind: 'reserved', changes: [{ type: 'budget.reserved', claim, reservation, opened }] };
}

function withSetCaps(draw: BudgetDraw, seen: BudgetsSeen): BudgetDraw {
  return { key: draw.key, caps: seen.caps(scopeOf(draw.key)) ?? draw.caps };
}

/** What ends a claim's reservation: booked as spent what was spent, in full when nobody can say. */
export function settlementOf(record: ClaimRecord, spent?: Amounts): readonly BudgetChange[] {
  const { key: claim, reservation } = record;
  if (reservation === undefined) return [];
  return [{ type: 'budget.settled', claim, reservation, spent: spent ?? reservation.amounts }];
}

/** `repository/octo/slug/day/2026-11-21` is a book of the scope `repository/octo/slug/day`. */
export function scopeOf(key: BudgetKey): BudgetScope {
  return key.replace(/\/day\/\d{4}-\d{2}-\d{2}$/, '/day');
}

/** The book of a scope that new claims draw from at this moment. */
export function currentKey(scope: BudgetScope, now: number): BudgetKey {
  return scope.endsWith('/day') ? `${scope}/${new Date(now).toISOString().slice(0, 10)}` : scope;
}

/** A person's new limits, for the scope from now on and for its open book. */
export function decideCaps(
  scope: BudgetScope,
  caps: BudgetCaps,
  { seen, now }: { readonly seen: BudgetsSeen; readonly now: number },
): readonly ActivityChange[] {
  const key = currentKey(scope, now);
  const open = seen.book(key) !== undefined;
  return [{ type: 'budget.limited', scope, caps, keys: open ? [key] : [] }];
}

/** What is wrong with caps that came from outside; undefined when nothing is. */
export function capsProblem(caps: BudgetCaps): string | undefined {
  for (const name of [...amountNames, 'runs'] as const) {
    const cap = caps[name];
    if (cap !== undefined && !(Number.isSafeInteger(cap) && cap >= 0)) return `${name} must be a whole number from 0`;
  }
  return undefined;
}
