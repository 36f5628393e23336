import type { ClaimRecord } from '../../domain/claim.ts';
import { parseClaimRecord } from '../../domain/claim-record.ts';
import type { Amounts } from '../../domain/coordination/amounts.ts';
import type { BudgetCaps, BudgetKey } from '../../domain/coordination/budget-record.ts';
import { parseAmounts, parseCaps } from '../../domain/coordination/parse-budget.ts';
import { EntropyError } from '../../domain/error.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import { claimKey, heldShard } from './item-keys.ts';

/** A claim as it was read. The version grows with every write, so a write on condition of it replaces just this. */
export interface StoredClaim {
  readonly record: ClaimRecord;
  readonly version: number;
}

/**
 * What the item says of its own last change. The stream tells how an item was and is; this is what the two alone leave
 * open, so that every change can be told as an event without a second write (docs/decisions/0011).
 */
export type Transition =
  | { readonly transition: 'acquire' | 'take-over'; readonly opened?: readonly OpenedBudget[] }
  | { readonly transition: 'renew' }
  | { readonly transition: 'effect'; readonly effect: string }
  | { readonly transition: 'release'; readonly spent?: Amounts };

export interface OpenedBudget {
  readonly key: BudgetKey;
  readonly caps: BudgetCaps;
}

export function claimItem({ record, version }: StoredClaim, at: number, transition: Transition): object {
  const { key, state, holder } = record;
  return {
    ...claimKey(key),
    ...record,
    // Beside the holder, where a condition can look at it.
    kind: holder.kind,
    listed: listedClaims,
    ...(state === 'held' && { heldShard: heldShard(key, holder.kind) }),
    version,
    at,
    ...transition,
  };
}

/** What a claim's item says of its last change, and when it was. */
export function readTransition(attributes: Attributes): { readonly transition: Transition; readonly at: number } {
  const item = fromAttributes(attributes);
  const transition = parseTransition(item);
  const { at } = item;
  if (transition !== undefined && isCount(at)) return { transition, at };
  throw unreadable(item);
}

function parseTransition({ transition, opened, spent, effect }: Readonly<Record<string, unknown>>) {
  switch (transition) {
    case 'acquire':
    case 'take-over':
      return { transition, opened: parseOpened(opened) } as const;
    case 'release': {
      const amounts = parseAmounts(spent);
      return { transition, ...(amounts && { spent: amounts }) } as const;
    }
    case 'renew':
      return { transition } as const;
    case 'effect':
      return typeof effect === 'string' ? ({ transition, effect } as const) : undefined;
    default:
      return undefined;
  }
}

function parseOpened(value: unknown): readonly OpenedBudget[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const caps = isObject(entry) ? parseCaps(entry['caps']) : undefined;
    const key = isObject(entry) ? entry['key'] : undefined;
    return typeof key === 'string' && caps !== undefined ? [{ key, caps }] : [];
  });
}

export const listedClaims = 'CLAIM';

export function readClaim(attributes: Attributes): StoredClaim {
  const item = fromAttributes(attributes);
  const record = parseClaimRecord(item);
  const { version } = item;
  if (record !== undefined && isCount(version)) return { record, version };
  throw unreadable(item);
}

function unreadable(item: Readonly<Record<string, unknown>>): EntropyError {
  return new EntropyError({
    code: 'E710',
    message: `the item ${String(item['pk'])} is no claim that this version can read`,
    fix: 'update this program if a newer one wrote it; else look who else writes into the table',
  });
}
