import type { Clock } from '../../ports/clock.ts';
import { dynamoFault, mayPass } from './dynamo-fault.ts';

export interface Patience {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly tableName: string;
}

/** No caller of a claim waits longer than this for a table that refuses or is not there. */
const deadlineMs = 15_000;
const firstPauseMs = 20;
const longestPauseMs = 1_000;
/** Also where the clock is simulated and stands still. */
const mostAttempts = 60;

/**
 * What the SDK does not send again: conflicts with another transaction, and whatever still fails after its own attempts.
 * `undefined` from the request stands for such a conflict. Pauses are random (full jitter), so that contenders part.
 */
export async function patiently<T>(
  { clock, signal, tableName }: Patience,
  request: () => Promise<T | undefined>,
): Promise<T> {
  const until = clock.monotonic() + deadlineMs;
  for (let attempt = 0; ; attempt += 1) {
    let failure: unknown;
    try {
      const answer = await request();
      if (answer !== undefined) return answer;
      failure = conflict();
    } catch (error) {
      if (!mayPass(error)) throw dynamoFault(error, tableName);
      failure = error;
    }
    const pause = Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
    const givenUp = attempt + 1 >= mostAttempts || clock.monotonic() + pause > until;
    if (givenUp) throw dynamoFault(failure, tableName);
    await clock.sleep(pause, signal);
  }
}

function conflict(): Error {
  const error = new Error('other transactions kept changing the same items');
  error.name = 'TransactionConflictException';
  return error;
}
