import type { BudgetCaps, BudgetKey, BudgetRecord, BudgetScope } from '../domain/coordination/budget-record.ts';

/** The books: what each scope may use, has reserved and has spent. Claims reserve and settle; here people look and set. */
export interface BudgetStore {
  /** What a person set for this scope; undefined: nobody did, the built-in defaults count. */
  caps(scope: BudgetScope): Promise<BudgetCaps | undefined>;
  /** From now on, and for the books that are open in this scope (of today, when it is a daily one). */
  setCaps(scope: BudgetScope, caps: BudgetCaps, actor: string): Promise<void>;
  read(key: BudgetKey): Promise<BudgetRecord | undefined>;
  /** Keys that begin with the prefix, in their order. */
  list(prefix: string): AsyncIterable<BudgetRecord>;
}
