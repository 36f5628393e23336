/** A delivery of a webhook that no attempt has brought yet. Times in milliseconds since 1970. */
export interface MissedDelivery {
  /** Of its newest attempt, by which GitHub is asked for another. */
  readonly id: number;
  /** When it was sent first, as far as that was seen. */
  readonly since: number;
  /** Of its newest attempt, or of the last time that one was asked for. */
  readonly at: number;
  /** How often another attempt was asked for. */
  readonly tries: number;
}

/** By `guid`, which all attempts at one delivery share. */
export type MissedDeliveries = Readonly<Record<string, MissedDelivery>>;

export interface DeliveryAttempt {
  readonly id: number;
  readonly guid: string;
  readonly at: number;
  /** 0 when nothing answered. */
  readonly statusCode: number;
}

export const missedDeliveryRules = {
  /** An attempt may be listed a little after it was made, and one that was asked for takes its time. */
  settleMs: 2 * 60_000,
  longestPauseMs: 4 * 60 * 60_000,
  /** GitHub sends none again that is older. */
  keptMs: 3 * 24 * 60 * 60_000,
  /** As many as are kept track of at once; about 60 KB of JSON. */
  most: 500,
} as const;

export interface NotedAttempts {
  readonly missed: MissedDeliveries;
  /** There was no room for all that are new: none of those was noted, and the same attempts have to be seen again later. */
  readonly isFull: boolean;
}

/**
 * What is missed after these attempts were seen as well. Any answer from 200 to 299 to any attempt means that it arrived; what was
 * refused (another 4xx) would be refused again, so only what was not answered, not in time, or with a fault counts as missed. Attempts
 * that were seen before change nothing.
 */
export function noteAttempts(before: MissedDeliveries, attempts: readonly DeliveryAttempt[]): NotedAttempts {
  const missed: Record<string, MissedDelivery> = { ...before };
  const added: Record<string, MissedDelivery> = {};
  for (const [guid, all] of Map.groupBy(attempts, (attempt) => attempt.guid)) {
    const known = before[guid];
    if (!all.every(hasFailed)) delete missed[guid];
    else if (known === undefined) added[guid] = missedSince(all);
    else missed[guid] = seenAgain(known, missedSince(all));
  }
  const isFull = Object.keys(missed).length + Object.keys(added).length > missedDeliveryRules.most;
  return { missed: isFull ? missed : { ...missed, ...added }, isFull };
}

function missedSince(attempts: readonly DeliveryAttempt[]): MissedDelivery {
  const times = attempts.map(({ at }) => at);
  const id = Math.max(...attempts.map((attempt) => attempt.id));
  return { id, since: Math.min(...times), at: Math.max(...times), tries: 0 };
}

function seenAgain(known: MissedDelivery, seen: MissedDelivery): MissedDelivery {
  return {
    id: Math.max(known.id, seen.id),
    since: Math.min(known.since, seen.since),
    at: Math.max(known.at, seen.at),
    tries: known.tries,
  };
}

/** Two minutes after its last attempt the first time, then twice as long each time: an outage of hours is outlived without haste. */
export function isDue({ at, tries }: MissedDelivery, now: number): boolean {
  const { settleMs, longestPauseMs } = missedDeliveryRules;
  return now - at >= Math.min(settleMs * 2 ** Math.min(tries, 20), longestPauseMs);
}

/** GitHub does not have it any more: nobody will send it again. */
export function isLost({ since }: MissedDelivery, now: number): boolean {
  return now - since > missedDeliveryRules.keptMs;
}

function hasFailed({ statusCode }: DeliveryAttempt): boolean {
  return statusCode === 0 || statusCode === 408 || statusCode === 429 || statusCode >= 500;
}
