import type { DatabaseSync } from 'node:sqlite';
import type { BudgetsSeen } from '../../domain/coordination/budget-decisions.ts';
import type { BudgetCaps, BudgetKey, BudgetRecord, BudgetScope } from '../../domain/coordination/budget-record.ts';
import { parseBudgetRecord, parseCaps } from '../../domain/coordination/parse-budget.ts';
import { statement } from './statement.ts';
import { storedJson } from './stored-json.ts';

export function readBook(db: DatabaseSync, key: BudgetKey): BudgetRecord | undefined {
  const row = statement(db, 'SELECT record FROM budgets WHERE key = ?').get(key);
  return row === undefined ? undefined : storedJson(row['record'], parseBudgetRecord);
}

export function readBooks(
  db: DatabaseSync,
  prefix: string,
  page: { readonly after: BudgetKey; readonly limit: number },
): readonly BudgetRecord[] {
  const sql = `SELECT record FROM budgets
    WHERE key > :after AND key >= :prefix AND key < :prefix || char(1114111) ORDER BY key LIMIT :limit`;
  return statement(db, sql)
    .all({ prefix, ...page })
    .map((row) => storedJson(row['record'], parseBudgetRecord));
}

export function readCaps(db: DatabaseSync, scope: BudgetScope): BudgetCaps | undefined {
  const row = statement(db, 'SELECT caps FROM budget_caps WHERE scope = ?').get(scope);
  return row === undefined ? undefined : storedJson(row['caps'], parseCaps);
}

export function budgetsSeen(db: DatabaseSync): BudgetsSeen {
  return { book: (key) => readBook(db, key), caps: (scope) => readCaps(db, scope) };
}
