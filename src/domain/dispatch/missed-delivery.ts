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
  /** When the oldest was sent that there was no room for: what is read next time begins before it. */
  readonly noRoomFrom?: number;
}

/**
 * What is missed after these attempts were seen as well. Any answer from 200 to 299 to any attempt means that it arrived; what was
 * refused (another 4xx) would be refused again, so only what was not answered, not in time, or with a fault counts as missed. Attempts
 * that were seen before change nothing.
 */
export function noteAttempts(before: MissedDeliveries, attempts: readonly DeliveryAttempt[]): NotedAttempts {
  const missed: Record<string, MissedDelivery> = { ...before };
  let noRoomFrom: number | undefined;
  for (const [guid, all] of Map.groupBy(attempts, (attempt) => attempt.guid)) {
    const known = before[guid];
    if (!all.every(hasFailed)) {
      delete missed[guid];
      continue;
    }
    const newest = all.reduce((a, b) => (b.at > a.at || (b.at === a.at && b.id > a.id) ? b : a));
    const since = Math.min(known?.since ?? newest.at, ...all.map(({ at }) => at));
    if (known === undefined && Object.keys(missed).length >= missedDeliveryRules.most) {
      noRoomFrom = Math.min(noRoomFrom ?? since, since);
      continue;
    }
    const isNewer = known === undefined || newest.id > known.id;
    missed[guid] = {
      id: isNewer ? newest.id : known.id,
      since,
      at: Math.max(newest.at, known?.at ?? 0),
      tries: known?.tries ?? 0,
    };
  }
  return noRoomFrom === undefined ? { missed } : { missed, noRoomFrom };
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
