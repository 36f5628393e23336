import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type AmountName, type Amounts, amountNames, mapAmounts } from '../../domain/coordination/amounts.ts';
import type { BudgetCaps, BudgetKey, BudgetRecord } from '../../domain/coordination/budget-record.ts';
import { parseBudgetRecord } from '../../domain/coordination/parse-budget.ts';
import { EntropyError } from '../../domain/error.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { budgetKey } from './item-keys.ts';

/**
 * A condition of DynamoDB cannot add, so what a condition must compare lies there added up: beside `spent_<amount>` and
 * `used_<amount>` (spent and reserved) the item has `left_<amount>` and `leftRuns`, the cap less what is used. All writers
 * move them by the same numbers, so claims that draw from one book need not have seen each other.
 */
const fields = {
  spent: (name: AmountName) => `spent_${name}`,
  used: (name: AmountName) => `used_${name}`,
  left: (name: AmountName) => `left_${name}`,
};

/** What is left of a limit that nobody set: more than anybody uses, and small enough to be exact. */
const unlimited = 1_000_000_000_000_000;

export const listedBudgets = 'BUDGET';

export function budgetItem({ key, caps, reserved, spent, runs }: BudgetRecord, at: number): object {
  const item: Record<string, unknown> = { ...budgetKey(key), schema: 1, key, caps, runs, at, listed: listedBudgets };
  for (const name of amountNames) {
    const used = spent[name] + reserved[name];
    item[fields.spent(name)] = spent[name];
    item[fields.used(name)] = used;
    item[fields.left(name)] = (caps[name] ?? unlimited) - used;
  }
  item['leftRuns'] = (caps.runs ?? unlimited) - runs;
  return item;
}

export function readBudget(attributes: Attributes): BudgetRecord {
  const item = fromAttributes(attributes);
  const number = (field: string): number => Number(item[field]);
  const spent = mapAmounts((name) => number(fields.spent(name)));
  const reserved = mapAmounts((name) => number(fields.used(name)) - spent[name]);
  const record = parseBudgetRecord({ ...item, spent, reserved });
  if (record !== undefined) return record;
  throw new EntropyError({
    code: 'E710',
    message: `the item ${String(item['pk'])} is no budget that this version can read`,
    fix: 'update this program if a newer one wrote it; else look who else writes into the table',
  });
}

/** How one transaction moves a book. `settle`: a reservation that ends; `reserve`: one that begins after it. */
export interface BookMove {
  readonly key: BudgetKey;
  readonly settle?: { readonly amounts: Amounts; readonly spent: Amounts };
  readonly reserve?: Amounts;
}

/** Moves an open book, and only when the new reservation fits into what is left after the old one was settled. */
export function moveBook(tableName: string, { key, settle, reserve }: BookMove, at: number): TransactWriteItem {
  const values: Record<string, number> = { ':at': at };
  const moves: string[] = [];
  const conditions = ['attribute_exists(pk)'];
  const move = (field: string, by: number): void => {
    if (by === 0) return;
    values[`:${field}`] = by;
    moves.push(`${field} :${field}`);
  };
  const atLeast = (field: string, least: number): void => {
    values[`:least_${field}`] = least;
    conditions.push(`${field} >= :least_${field}`);
  };
  for (const name of amountNames) {
    const returned = settle === undefined ? 0 : settle.amounts[name] - settle.spent[name];
    const taken = reserve?.[name] ?? 0;
    move(fields.used(name), taken - returned);
    move(fields.left(name), returned - taken);
    move(fields.spent(name), settle?.spent[name] ?? 0);
    if (reserve !== undefined) atLeast(fields.left(name), taken - returned);
  }
  const more = (reserve === undefined ? 0 : 1) - (settle === undefined ? 0 : 1);
  move('runs', more);
  move('leftRuns', -more);
  if (reserve !== undefined) atLeast('leftRuns', more);
  return {
    Update: {
      TableName: tableName,
      Key: toAttributes(budgetKey(key)),
      UpdateExpression: `SET #at = :at${moves.length === 0 ? '' : ` ADD ${moves.join(', ')}`}`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: toAttributes(values),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** New limits for an open book: what is left is counted anew by DynamoDB itself, from what is used at that moment. */
export function limitBook(tableName: string, key: BudgetKey, caps: BudgetCaps): TransactWriteItem {
  const lefts = amountNames.map((name) => `${fields.left(name)} = :cap_${name} - ${fields.used(name)}`);
  const values: Record<string, unknown> = { ':caps': caps, ':cap_runs': caps.runs ?? unlimited };
  for (const name of amountNames) values[`:cap_${name}`] = caps[name] ?? unlimited;
  return {
    Update: {
      TableName: tableName,
      Key: toAttributes(budgetKey(key)),
      UpdateExpression: `SET caps = :caps, leftRuns = :cap_runs - runs, ${lefts.join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: toAttributes(values),
    },
  };
}
