import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ActivityChange } from '../../domain/coordination/activity.ts';
import type { BudgetChange } from '../../domain/coordination/budget-changes.ts';
import { scopeOf } from '../../domain/coordination/budget-decisions.ts';
import { type BudgetKey, type BudgetScope, openBudget, reserved } from '../../domain/coordination/budget-record.ts';
import { applyClaimChange, type ClaimChange } from '../../domain/coordination/claim-changes.ts';
import { toAttributes } from './attribute-values.ts';
import { type BookMove, budgetItem, moveBook } from './budget-item.ts';
import type { StoredCaps } from './caps-item.ts';
import { claimItem, type StoredClaim, type Transition } from './claim-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { capsKey } from './item-keys.ts';

/** What a decision was made from; the write holds only if it is still so. */
export interface SeenClaim {
  readonly claim: StoredClaim | undefined;
  /** Limits as they were read for the books that are opened. */
  readonly caps: (scope: BudgetScope) => StoredCaps | undefined;
  /** Books that a settlement has no use for: somebody removed them. */
  readonly goneBooks: ReadonlySet<BudgetKey>;
}

export type Commit =
  | { readonly kind: 'written' }
  /** Something is no longer as it was seen, or a budget has no room any more: look again and decide anew. */
  | { readonly kind: 'changed'; readonly goneBooks: readonly BudgetKey[] };

/**
 * Writes what the domain decided: the claim on condition that it is the very version that was seen, and all books in the
 * same transaction. A claim without books is a plain conditional put, at half the price.
 */
export async function commitClaim(
  table: DynamoTable,
  seen: SeenClaim,
  { changes, now }: { readonly changes: readonly ActivityChange[]; readonly now: number },
): Promise<Commit> {
  const { claimChange, budgetChanges } = split(changes);
  const record = applyClaimChange(seen.claim?.record, claimChange);
  const version = (seen.claim?.version ?? 0) + 1;
  const put = {
    Item: toAttributes(claimItem({ record, version }, now, transitionOf(claimChange, budgetChanges))),
    ...unchanged(seen.claim?.version),
  };
  const books = bookWrites(table.name, seen, { budgetChanges, now });
  if (books.length === 0) {
    const outcome = await table.put(put);
    return outcome.kind === 'written' ? outcome : { kind: 'changed', goneBooks: [] };
  }
  const outcome = await table.transact([
    { Put: { TableName: table.name, ...put } },
    ...books.map(({ write }) => write),
  ]);
  if (outcome.kind === 'written') return outcome;
  const gone = books.filter(({ settles }, index) => {
    const part = outcome.outcomes[index + 1];
    return settles !== undefined && part?.held === false && part.current === undefined;
  });
  return { kind: 'changed', goneBooks: gone.flatMap(({ settles }) => settles ?? []) };
}

/** The condition that an item has not been written since; that it is not there, when it was not. */
export function unchanged(version: number | undefined) {
  if (version === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'version = :seen',
    ExpressionAttributeValues: toAttributes({ ':seen': version }),
  };
}

interface BookWrite {
  readonly write: TransactWriteItem;
  /** The book that this write only settles, and that need not be there. */
  readonly settles?: BudgetKey;
}

/** One write for each book, since an item can be in a transaction only once. */
function bookWrites(
  tableName: string,
  seen: SeenClaim,
  { budgetChanges, now }: { readonly budgetChanges: readonly BudgetChange[]; readonly now: number },
): readonly BookWrite[] {
  const moves = new Map<BudgetKey, BookMove>();
  const writes: BookWrite[] = [];
  for (const change of budgetChanges) {
    if (change.type === 'budget.settled') {
      const { reservation, spent } = change;
      for (const key of reservation.keys) {
        if (!seen.goneBooks.has(key)) moves.set(key, { key, settle: { amounts: reservation.amounts, spent } });
      }
    }
    if (change.type !== 'budget.reserved') continue;
    const { amounts, keys } = change.reservation;
    const opened = new Map(change.opened.map((draw) => [draw.key, draw]));
    for (const key of keys) {
      const draw = opened.get(key);
      if (draw === undefined) moves.set(key, { ...moves.get(key), key, reserve: amounts });
      else writes.push(openBook(tableName, budgetItem(reserved(openBudget(draw), amounts), now)));
    }
    // A limit that is set while a book is opened counts for it: one of the two transactions sees the other.
    for (const scope of new Set(change.opened.map(({ key }) => scopeOf(key)))) {
      writes.push({ write: checkCaps(tableName, scope, seen.caps(scope)) });
    }
  }
  for (const move of moves.values()) {
    const write = moveBook(tableName, move, now);
    writes.push(move.reserve === undefined ? { write, settles: move.key } : { write });
  }
  return writes;
}

function openBook(tableName: string, item: object): BookWrite {
  return { write: { Put: { TableName: tableName, Item: toAttributes(item), ...unchanged(undefined) } } };
}

function checkCaps(tableName: string, scope: BudgetScope, caps: StoredCaps | undefined): TransactWriteItem {
  return {
    ConditionCheck: { TableName: tableName, Key: toAttributes(capsKey(scope)), ...unchanged(caps?.version) },
  };
}

function split(changes: readonly ActivityChange[]) {
  const claimChange = changes.find((change): change is ClaimChange => change.type.startsWith('claim.'));
  const budgetChanges = changes.filter((change): change is BudgetChange => change.type.startsWith('budget.'));
  if (claimChange === undefined) throw new TypeError('a decision about a claim holds no change of it');
  return { claimChange, budgetChanges };
}

function transitionOf(change: ClaimChange, budgetChanges: readonly BudgetChange[]): Transition {
  const opened = budgetChanges.flatMap((budget) => (budget.type === 'budget.reserved' ? budget.opened : []));
  const settlement = budgetChanges.find((budget) => budget.type === 'budget.settled');
  switch (change.type) {
    case 'claim.acquired':
    case 'claim.stolen':
      return { transition: 'acquire', ...(opened.length > 0 && { opened }) };
    case 'claim.taken-over':
      return { transition: 'take-over' };
    case 'claim.renewed':
      return { transition: 'renew' };
    case 'claim.released':
      return { transition: 'release', ...(settlement && { spent: settlement.spent }) };
    case 'claim.effect':
      throw new TypeError('an effect leaves the claim as it is');
    default:
      return change satisfies never;
  }
}
