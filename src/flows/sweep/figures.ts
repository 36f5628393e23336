import type { SweepRoom } from './sweep-room.ts';

export interface SpendFigures {
  readonly hourMicroUsd: number;
  readonly dayMicroUsd: number;
}

const hourMs = 60 * 60_000;
const maxRuns = 2_000;

/** What runs cost: today by the books of the organisations, in the last hour by the runs that ended in it. */
export async function spendFigures({ budgets, runs, clock }: SweepRoom): Promise<SpendFigures> {
  const now = clock.now();
  const today = `/day/${new Date(now).toISOString().slice(0, 10)}`;
  let dayMicroUsd = 0;
  for await (const book of budgets.list('organisation/')) {
    if (book.key.endsWith(today)) dayMicroUsd += book.spent.microUsd;
  }
  // A run takes hours at most: whoever ended in the last one began within the last day.
  const ended = (await runs.list({ since: now - 24 * hourMs, limit: maxRuns })).filter(
    ({ endedAt }) => endedAt !== undefined && endedAt > now - hourMs,
  );
  return { hourMicroUsd: ended.reduce((sum, { spent }) => sum + spent.microUsd, 0), dayMicroUsd };
}
