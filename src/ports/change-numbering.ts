import type { ActivityEvent } from '../domain/coordination/activity.ts';

export interface Numbered {
  /** What all the changes mean, those that were numbered earlier too: a change may be told more than once. */
  readonly events: readonly Omit<ActivityEvent, 'seq'>[];
  /** How many events got their place now. */
  readonly numbered: number;
  /** The first change that has no place yet, and all after it are to be told again. Those before it have theirs. */
  readonly stuck?: { readonly index: number; readonly reason: string };
}

/**
 * Gives the events of a store whose changes are read from a stream their places in the activity log: 1, 2, 3 … without
 * holes, each once, however often and in how many places at once it is told.
 */
export interface ChangeNumbering<Change> {
  number(changes: readonly Change[]): Promise<Numbered>;
}
