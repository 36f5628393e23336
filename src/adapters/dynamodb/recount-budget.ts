import { amountNames } from '../../domain/coordination/amounts.ts';
import type { BudgetRecount } from '../../ports/budget-recount.ts';
import { toAttributes } from './attribute-values.ts';
import { budgetItem } from './budget-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { budgetKey } from './item-keys.ts';

/** One conditional write: every figure of the book still is the one that was seen, or nothing happens. */
export function createDynamoBudgetRecount(table: DynamoTable): BudgetRecount {
  return {
    recount: async (seen, { runs, reserved }) => {
      const before = figuresOf(budgetItem(seen, 0));
      const after = figuresOf(budgetItem({ ...seen, runs, reserved }, 0));
      const names = Object.keys(after);
      const values = Object.fromEntries(
        names.flatMap((name) => [
          [`:was_${name}`, before[name]],
          [`:now_${name}`, after[name]],
        ]),
      );
      const outcome = await table.update({
        key: budgetKey(seen.key),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :now_${name}`).join(', ')}`,
        ConditionExpression: names.map((name) => `#${name} = :was_${name}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: toAttributes(values),
      });
      return outcome.kind === 'written' ? 'recounted' : 'moved';
    },
  };
}

/** What claims move: the counts, what is used, and what is left of each limit. Of what was spent nothing changes. */
function figuresOf(item: object): Readonly<Record<string, number>> {
  const moved = [
    'runs',
    'leftRuns',
    ...amountNames.flatMap((name) => [`used_${name}`, `left_${name}`, `spent_${name}`]),
  ];
  return Object.fromEntries(Object.entries(item).filter(([name]) => moved.includes(name)));
}
