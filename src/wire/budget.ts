import * as z from 'zod';
import type { Amounts } from '../domain/coordination/amounts.ts';
import type {
  BudgetCaps,
  BudgetRecord,
  BudgetShortage,
  HeldReservation,
  Reservation,
} from '../domain/coordination/budget-record.ts';
import { exactly } from './exactly.ts';
import { amount, claimKey, count } from './text.ts';

/** Scopes and keys of budgets have the alphabet of claim keys: `repository/octo/slug/day/2026-11-21`. */
export const budgetKey = claimKey;

export const amounts = exactly<Amounts>('Amounts')(
  z.strictObject({ microUsd: amount, tokens: amount, turns: amount, minutes: amount, githubPoints: amount }),
);

/** Of all runs together. */
const sums = exactly<Amounts>('Sums')(
  z.strictObject({ microUsd: count, tokens: count, turns: count, minutes: count, githubPoints: count }),
);

export const budgetCaps = exactly<BudgetCaps>('BudgetCaps')(
  z.strictObject({
    microUsd: count.exactOptional(),
    tokens: count.exactOptional(),
    turns: count.exactOptional(),
    minutes: count.exactOptional(),
    githubPoints: count.exactOptional(),
    runs: count.exactOptional(),
  }),
);

export const budgetRecord = exactly<BudgetRecord>('BudgetRecord')(
  z.strictObject({
    schema: z.literal(1),
    key: budgetKey,
    caps: budgetCaps,
    reserved: sums,
    spent: sums,
    runs: count,
  }),
);

export const reservation = exactly<Reservation>('Reservation')(
  z.strictObject({
    draws: z.array(z.strictObject({ key: budgetKey, caps: budgetCaps })).max(20),
    amounts,
  }),
);

export const heldReservation = exactly<HeldReservation>('HeldReservation')(
  z.strictObject({ keys: z.array(budgetKey).max(20), amounts }),
);

export const budgetShortage = exactly<BudgetShortage>('BudgetShortage')(
  z.strictObject({
    budget: budgetRecord,
    limit: z.enum(['microUsd', 'tokens', 'turns', 'minutes', 'githubPoints', 'runs']),
    cap: count,
    used: count,
    asked: count,
  }),
);
