import type { AmountName } from '../coordination/amounts.ts';
import { currentKey, scopeOf } from '../coordination/budget-decisions.ts';
import type { BudgetRecord } from '../coordination/budget-record.ts';
import { shortageIn, type WaitingTask } from './waiting-task.ts';
import { isDaily } from './worth-waiting.ts';

type Need = Pick<WaitingTask, 'line' | 'limit' | 'needs'>;

/** Whether the line's book has to be looked at to say whose turn it is: it is today's, and an amount is waited for. */
export function mayRest({ line, limit, needs }: Need, now: number): boolean {
  return needs !== undefined && isAmount(limit) && isDaily(line) && line === currentKey(scopeOf(line), now);
}

/**
 * Whether it cannot start before the new day, whatever others give back: today's money is spent so far. It rests then, and those
 * behind it who need less go first. Nobody passes it for good: at 00:00 UTC nothing is spent, and those who waited for the day
 * before come before all others. Who needs more than the limit is at all does not rest: it is asked for, refused and told so.
 */
export function restsUntilTomorrow(need: Need, book: BudgetRecord | undefined, now: number): boolean {
  const { limit, needs } = need;
  if (!mayRest(need, now) || book === undefined || !isAmount(limit) || needs === undefined) return false;
  const cap = book.caps[limit];
  return cap !== undefined && needs <= cap && book.spent[limit] + needs > cap;
}

function isAmount(limit: Need['limit']): limit is AmountName {
  const shortage = shortageIn(limit);
  return shortage !== undefined && shortage !== 'runs';
}

/** Whose turn it is: the first in line that does not rest. */
export function nextInLine<Task extends Need>(
  line: readonly Task[],
  book: BudgetRecord | undefined,
  now: number,
): Task | undefined {
  return line.find((task) => !restsUntilTomorrow(task, book, now));
}
