import type { WaitingTask } from './waiting-task.ts';

/** What is one step more urgent passes those that came up to so much earlier, and none that has waited longer. */
export const ageingMs = 12 * 60 * 60_000;

type Ranked = Pick<WaitingTask, 'key' | 'since' | 'priority'>;

/**
 * The place in a line, milliseconds: when it came, and later by its priority (0 to 4). It never changes while the task waits, so
 * what came two days after it or later is behind it, however urgent: nobody starves. A place without a priority was
 * written down by an earlier version, by time alone.
 */
export function rankOf({ since, priority = 0 }: Pick<Ranked, 'since' | 'priority'>): number {
  return since + priority * ageingMs;
}

/** First in line first; of two with the same rank the one whose key is first. */
export function byRank(one: Ranked, other: Ranked): number {
  const apart = rankOf(one) - rankOf(other);
  if (apart !== 0) return apart;
  if (one.key === other.key) return 0;
  return one.key < other.key ? -1 : 1;
}
