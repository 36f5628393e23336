import { isCount, isObject } from '../json-shape.ts';
import { type Amounts, amountNames, mapAmounts } from './amounts.ts';
import type { BudgetCaps, BudgetRecord, HeldReservation } from './budget-record.ts';

/** Readers for stored books; undefined for anything that is not one, so that nobody's junk is taken for an empty book. */
export function parseBudgetRecord(value: unknown): BudgetRecord | undefined {
  if (!isObject(value) || value['schema'] !== 1) return undefined;
  const { key, runs } = value;
  const caps = parseCaps(value['caps']);
  const reserved = parseAmounts(value['reserved']);
  const spent = parseAmounts(value['spent']);
  if (typeof key !== 'string' || !isCount(runs)) return undefined;
  if (caps === undefined || reserved === undefined || spent === undefined) return undefined;
  return { schema: 1, key, caps, reserved, spent, runs };
}

export function parseCaps(value: unknown): BudgetCaps | undefined {
  if (!isObject(value)) return undefined;
  const given = [...amountNames, 'runs' as const].filter((name) => value[name] !== undefined);
  if (!given.every((name) => isCount(value[name]))) return undefined;
  return Object.fromEntries(given.map((name) => [name, Number(value[name])]));
}

export function parseAmounts(value: unknown): Amounts | undefined {
  if (!isObject(value) || !amountNames.every((name) => isCount(value[name]))) return undefined;
  return mapAmounts((name) => Number(value[name]));
}

export function parseHeldReservation(value: unknown): HeldReservation | undefined {
  if (!isObject(value)) return undefined;
  const { keys } = value;
  const amounts = parseAmounts(value['amounts']);
  const named = Array.isArray(keys) && keys.every((key): key is string => typeof key === 'string');
  return named && amounts !== undefined ? { keys, amounts } : undefined;
}
