import { type AmountName, type Amounts, addAmounts, amountNames, nothing, subtractAmounts } from './amounts.ts';

/**
 * What a budget is about: `issue/<owner>/<repo>/42`, `repository/<owner>/<repo>`, `organisation/<owner>`; with
 * `/day` at its end the same for each day. Lower case.
 */
export type BudgetScope = string;

/** A scope, and the day (`2026-11-21`, UTC) when the scope ends in `/day`: `repository/octo/slug/day/2026-11-21`. */
export type BudgetKey = string;

/** Absent: not limited in this respect. `runs` limits how many runs are at work at the same time (slots). */
export interface BudgetCaps extends Partial<Amounts> {
  readonly runs?: number;
}

/** The books of one budget. What is left of a limit: `cap − spent − reserved`. */
export interface BudgetRecord {
  readonly schema: 1;
  readonly key: BudgetKey;
  readonly caps: BudgetCaps;
  readonly reserved: Amounts;
  readonly spent: Amounts;
  /** Runs that hold a reservation now. */
  readonly runs: number;
}

/**
 * One budget that a claim draws from. `caps` count when the store has no record of the key yet; where nobody but the
 * repository's own settings says anything (git refs), they count until a person sets others.
 */
export interface BudgetDraw {
  readonly key: BudgetKey;
  readonly caps: BudgetCaps;
}

/** What a run may use at most, taken from each budget when its claim is granted, one slot in each as well. */
export interface Reservation {
  readonly draws: readonly BudgetDraw[];
  readonly amounts: Amounts;
}

/** What a claim's record remembers of its reservation, so that whoever ends the claim can settle it. */
export interface HeldReservation {
  readonly keys: readonly BudgetKey[];
  readonly amounts: Amounts;
}

/** The first limit that stands in the way, with the figures that a person needs. */
export interface BudgetShortage {
  readonly budget: BudgetRecord;
  readonly limit: AmountName | 'runs';
  readonly cap: number;
  /** Spent and reserved together; for `runs` those at work. */
  readonly used: number;
  readonly asked: number;
}

export function openBudget({ key, caps }: BudgetDraw): BudgetRecord {
  return { schema: 1, key, caps, reserved: nothing, spent: nothing, runs: 0 };
}

export function shortageOf(budget: BudgetRecord, asked: Amounts): BudgetShortage | undefined {
  const { caps, runs } = budget;
  if (caps.runs !== undefined && runs + 1 > caps.runs) {
    return { budget, limit: 'runs', cap: caps.runs, used: runs, asked: 1 };
  }
  for (const limit of amountNames) {
    const cap = caps[limit];
    const used = budget.spent[limit] + budget.reserved[limit];
    if (cap !== undefined && used + asked[limit] > cap) return { budget, limit, cap, used, asked: asked[limit] };
  }
  return undefined;
}

export function reserved(budget: BudgetRecord, amounts: Amounts): BudgetRecord {
  return { ...budget, reserved: addAmounts(budget.reserved, amounts), runs: budget.runs + 1 };
}

/** The reservation is given back, what was really used is booked. Used without a figure (a run that died): all of it. */
export function settled(budget: BudgetRecord, amounts: Amounts, spent: Amounts = amounts): BudgetRecord {
  return {
    ...budget,
    reserved: subtractAmounts(budget.reserved, amounts),
    spent: addAmounts(budget.spent, spent),
    runs: budget.runs - 1,
  };
}
