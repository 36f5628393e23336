import type { BudgetKey } from './budget-record.ts';

/** What books of days said when they were last looked at, and how what they add up to grew within the last hour. */
export interface SpendWindow {
  /** Spent by the books that are looked at, as they were seen last. */
  readonly seen: Readonly<Record<BudgetKey, number>>;
  /** All that was ever added; only differences of it mean something. */
  readonly total: number;
  /** `total` from this moment on, oldest first; the first is that of the beginning of the window. */
  readonly samples: readonly { readonly at: number; readonly total: number }[];
}

export const windowMs = 60 * 60_000;

/**
 * The window after another look at the books: what they grew by is added. Those that are seen for the first time count from nothing
 * on, unless nobody looked before at all. The very same window when nothing was spent, so that nothing has to be written.
 */
export function lookAtSpend(
  before: SpendWindow | undefined,
  books: ReadonlyMap<BudgetKey, number>,
  now: number,
): SpendWindow {
  const seen = Object.fromEntries(books);
  if (before === undefined) return { seen, total: 0, samples: [{ at: now, total: 0 }] };
  let added = 0;
  for (const [key, spent] of books) added += Math.max(0, spent - (before.seen[key] ?? 0));
  const isSame = added === 0 && [...books].every(([key, spent]) => before.seen[key] === spent);
  if (isSame) return before;
  const total = before.total + added;
  const start = before.samples.findLastIndex(({ at }) => at <= now - windowMs);
  const samples = added === 0 ? before.samples : [...before.samples, { at: now, total }];
  return { seen, total, samples: samples.slice(Math.max(0, start)) };
}

/** What was added within the last hour; less when nobody looked for so long. */
export function spentInWindow({ samples, total }: SpendWindow, now: number): number {
  const start = samples.findLast(({ at }) => at <= now - windowMs) ?? samples[0];
  return start === undefined ? 0 : total - start.total;
}
