import type { ClaimKey } from '../domain/claim.ts';
import type { ActivityEvent } from '../domain/coordination/activity.ts';

export interface ActivityFilter {
  /** Events after this position. */
  readonly after?: number;
  /** At or after this moment, milliseconds since 1970. */
  readonly since?: number;
  readonly task?: ClaimKey;
  readonly run?: string;
  /** By this agent's id, or by any actor that begins so when it ends in `/`. */
  readonly actor?: string;
  /** `github/octo/slug/`: tasks that begin so. */
  readonly taskPrefix?: string;
  readonly limit: number;
}

/** What happened, in order. Written by the other stores, in the transaction of what they change. */
export interface ActivityLog {
  read(filter: ActivityFilter): Promise<readonly ActivityEvent[]>;
  /** What is there after the position, then what comes, until the signal. */
  follow(filter: Omit<ActivityFilter, 'limit' | 'since'>, signal: AbortSignal): AsyncIterable<ActivityEvent>;
}
