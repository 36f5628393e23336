import type { ActivityEvent } from '../domain/coordination/activity.ts';
import type { ActivityWanted } from '../domain/coordination/activity-filter.ts';

export interface ActivityFilter extends ActivityWanted {
  /** Events after this position. */
  readonly after?: number;
  readonly limit: number;
}

/** What happened, in order. Written by the other stores, in the transaction of what they change. */
export interface ActivityLog {
  read(filter: ActivityFilter): Promise<readonly ActivityEvent[]>;
  /** What is there after the position, then what comes, until the signal. */
  follow(filter: Omit<ActivityFilter, 'limit' | 'since'>, signal: AbortSignal): AsyncIterable<ActivityEvent>;
}
