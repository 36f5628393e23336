import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import type { WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { mayRest, nextInLine } from '../../domain/dispatch/waiting-turn.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { WaitingList } from '../../ports/waiting-list.ts';

export interface LineOfBudget {
  readonly waiting: Pick<WaitingList, 'line'>;
  readonly budgets: Pick<BudgetStore, 'read'>;
}

/** So many may rest at the beginning of a line; who stands behind them waits until they are fewer. */
const lookAhead = 100;

/** Who goes first in the line of this budget; undefined: nobody stands there, or all of them rest until tomorrow. */
export async function nextOf(
  { waiting, budgets }: LineOfBudget,
  line: BudgetKey,
  now: number,
): Promise<WaitingTask | undefined> {
  const [first] = await waiting.line(line, 1);
  if (first === undefined || !mayRest(first, now)) return first;
  const book = await budgets.read(line);
  return nextInLine([first], book, now) ?? nextInLine(await waiting.line(line, lookAhead), book, now);
}
