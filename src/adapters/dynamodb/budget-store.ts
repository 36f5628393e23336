import { capsProblem, currentKey, decideCaps } from '../../domain/coordination/budget-decisions.ts';
import type { BudgetScope } from '../../domain/coordination/budget-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { toAttributes } from './attribute-values.ts';
import { limitBook, listedBudgets, readBudget } from './budget-item.ts';
import { capsItem, readCaps } from './caps-item.ts';
import { unchanged } from './commit-claim.ts';
import { contend } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { budgetKey, capsKey, keyText } from './item-keys.ts';
import { table as names } from './table.ts';

/** The books that claims draw from, in the same table. */
export function createDynamoBudgetStore(table: DynamoTable, clock: Clock): BudgetStore {
  const storedCaps = async (scope: BudgetScope) => {
    const item = await table.get(capsKey(scope));
    return item && readCaps(item).caps;
  };
  return {
    caps: storedCaps,

    setCaps: async (scope, caps, actor) => {
      const problem = capsProblem(caps);
      if (problem !== undefined) {
        throw new EntropyError({
          code: 'E101',
          message: `the limits of ${scope} cannot be set: ${problem}`,
          fix: 'give whole numbers; leave out what is not to be limited',
        });
      }
      await contend(table, `the limits of ${scope}`, async () => {
        const now = clock.now();
        const current = budgetKey(currentKey(scope, now));
        const found = await table.getMany([capsKey(scope), current]);
        const before = found.get(keyText(capsKey(scope)));
        const book = found.get(keyText(current));
        const seen = { book: () => book && readBudget(book), caps: () => undefined };
        const changes = decideCaps(scope, caps, { seen, now });
        const version = before && readCaps(before).version;
        const books = changes.flatMap((change) => (change.type === 'budget.limited' ? change.keys : []));
        const item = capsItem({ scope, caps, books, actor, at: now, version: (version ?? 0) + 1 });
        const outcome = await table.transact([
          { Put: { TableName: table.name, Item: toAttributes(item), ...unchanged(version) } },
          // A book that somebody opens in this moment is opened under the new limits, or this is tried again.
          ...(book === undefined
            ? [{ ConditionCheck: { TableName: table.name, Key: toAttributes(current), ...unchanged(undefined) } }]
            : books.map((key) => limitBook(table.name, key, caps))),
        ]);
        return outcome.kind === 'written' ? outcome : { kind: 'changed', goneBooks: [] };
      });
    },

    read: async (key) => {
      const item = await table.get(budgetKey(key));
      return item && readBudget(item);
    },

    list: async function* (prefix) {
      const query = { index: names.byKey, partition: listedBudgets, ...(prefix !== '' && { beginsWith: prefix }) };
      for await (const page of table.query(query)) {
        const found = await table.getMany(page);
        for (const key of page) {
          const item = found.get(keyText(key));
          if (item !== undefined) yield readBudget(item);
        }
      }
    },
  };
}
