import { EntropyError } from '../domain/error.ts';
import { fullName } from '../domain/repository.ts';
import type { LookUp } from '../flows/mirror-issue.ts';
import type { Clock } from '../ports/clock.ts';
import { createTokenBuckets, type Rate } from '../server/token-buckets.ts';

export type IssueLookUps = (ask: LookUp) => LookUp;

/** Far more than people write; anybody's text can name fifty issues, and every comment below it is read with it. */
const ofDeliveries: Rate = { burst: 100, perSecond: 0.1 };
/** Whole repositories are looked at, each now and then. */
export const ofSweeps: Rate = { burst: 500, perSecond: 0.25 };
/** An issue that was not there is not asked for again so soon. */
const missingMs = 10 * 60_000;
const maxMissing = 5_000;

/**
 * Bounds what texts of strangers make us ask GitHub for. What is not asked for counts as not there, so its edge is left out until
 * the issue's next change, or until its repository is looked at again (`sync`).
 */
export function createIssueLookUps(clock: Clock, rate: Rate = ofDeliveries): IssueLookUps {
  const questions = createTokenBuckets(clock, rate);
  const missing = new Map<string, number>();
  return (ask) => async (place) => {
    const name = `${fullName(place.repository)}#${place.number}`.toLowerCase();
    const askedAt = missing.get(name);
    if (askedAt !== undefined && clock.monotonic() - askedAt < missingMs) return undefined;
    if (questions.take('look-ups').kind === 'empty') return undefined;
    try {
      const found = await ask(place);
      if (found === undefined) note(name);
      return found;
    } catch (error) {
      // Hidden from us: that does not change by asking again either.
      if (error instanceof EntropyError && !error.retryable) note(name);
      throw error;
    }
  };

  function note(name: string): void {
    missing.delete(name);
    missing.set(name, clock.monotonic());
    for (const oldest of missing.keys()) {
      if (missing.size <= maxMissing) break;
      missing.delete(oldest);
    }
  }
}
