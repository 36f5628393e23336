import type { BudgetCaps, BudgetKey, BudgetScope } from '../../domain/coordination/budget-record.ts';
import { parseCaps } from '../../domain/coordination/parse-budget.ts';
import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import { capsKey } from './item-keys.ts';

/** What a person set for a scope, with the version that a write may be made to depend on. */
export interface StoredCaps {
  readonly scope: BudgetScope;
  readonly caps: BudgetCaps;
  readonly version: number;
  /** The books that were open and got these limits in the same transaction. */
  readonly books: readonly BudgetKey[];
  readonly actor: string;
  readonly at: number;
}

export function capsItem(stored: StoredCaps): object {
  return { ...capsKey(stored.scope), ...stored };
}

export function readCaps(attributes: Attributes): StoredCaps {
  const item = fromAttributes(attributes);
  const { scope, version, actor, at, books } = item;
  const caps = parseCaps(item['caps']);
  const named = typeof scope === 'string' && typeof actor === 'string';
  const texts = Array.isArray(books) && books.every((book): book is string => typeof book === 'string');
  if (caps !== undefined && named && texts && isCount(version) && isCount(at)) {
    return { scope, caps, version, books, actor, at };
  }
  throw new EntropyError({
    code: 'E710',
    message: `the item ${String(item['pk'])} holds no limits that this version can read`,
    fix: 'update this program if a newer one wrote them; else set them anew with `entropy-playground budgets set`',
  });
}
