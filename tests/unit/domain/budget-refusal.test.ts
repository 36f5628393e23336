import { expect, test } from 'vitest';
import { budgetLimits } from '../../../src/domain/budget.ts';
import { printBudgetRefusal, readBudgetRefusal } from '../../../src/domain/budget-refusal.ts';

test.each(budgetLimits)('the limit %s is read back from the message about it', (limit) => {
  expect(readBudgetRefusal(printBudgetRefusal(limit, 'all (cost) are over'))).toBe(limit);
});

test('any other message names no limit', () => {
  expect(readBudgetRefusal('the model said: the budget of this run is used up (cost): no')).toBeUndefined();
  expect(readBudgetRefusal('')).toBeUndefined();
});
