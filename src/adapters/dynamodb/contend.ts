import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { DynamoTable } from './dynamo-table.ts';

export interface Changed {
  readonly kind: 'changed';
  readonly goneBooks: readonly BudgetKey[];
}

/** Each round that was in vain is one in which somebody else's write succeeded; so many in a row are no accident. */
const mostRounds = 40;
const firstPauseMs = 5;
const longestPauseMs = 200;

/** Looks, decides and writes until what was seen is still so when it is written; `changed` asks for another look. */
export async function untilWritten<T>(
  table: Pick<DynamoTable, 'pause'>,
  what: string,
  round: () => Promise<{ readonly done: T } | 'changed'>,
): Promise<T> {
  for (let number = 0; number < mostRounds; number += 1) {
    const result = await round();
    if (result !== 'changed') return result.done;
    await table.pause(Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** number));
  }
  throw new EntropyError({
    code: 'E710',
    message: `${what} was changed by others ${mostRounds} times while it was being written`,
    fix: 'try again; if it stays so, look what writes to it so often (entropy-playground activity --follow)',
    retryable: true,
  });
}

/** The same for what moves budgets: books that turned out to be gone are remembered from round to round. */
export function contend<T>(
  table: DynamoTable,
  what: string,
  round: (goneBooks: ReadonlySet<BudgetKey>) => Promise<T | Changed>,
): Promise<T> {
  const goneBooks = new Set<BudgetKey>();
  return untilWritten(table, what, async () => {
    const result = await round(goneBooks);
    if (!isChanged(result)) return { done: result };
    for (const key of result.goneBooks) goneBooks.add(key);
    return 'changed';
  });
}

function isChanged<T>(result: T | Changed): result is Changed {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'changed';
}
