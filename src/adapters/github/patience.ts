import type { Clock } from '../../ports/clock.ts';
import type { ApiAnswer } from './api-call.ts';
import type { ApiFailure } from './api-failure.ts';

export type Attempt = { readonly kind: 'answer'; readonly answer: ApiAnswer } | ApiFailure;

export interface PatientCall {
  readonly attempt: () => Promise<Attempt>;
  /** `when-refused`: only after GitHub said that it did nothing (a rate limit), so that no work is ever done twice. */
  readonly repeat: 'when-refused' | 'when-in-trouble';
  readonly label: string;
  readonly maxWaitMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const maxAttempts = 4;

/** Asks again while that can help: after a rate limit when it ends soon enough, after trouble with growing pauses. */
export async function sendWithPatience(call: PatientCall): Promise<Attempt> {
  let waited = 0;
  for (let number = 1; ; number += 1) {
    const attempt = await call.attempt();
    const pause = pauseAfter(attempt, number, call.repeat);
    const lastWord = pause === undefined || number === maxAttempts || waited + pause > call.maxWaitMs;
    if (lastWord) return attempt;
    const why = attempt.kind === 'limited' ? `${attempt.limit} rate limit` : 'GitHub is in trouble';
    call.log(`${call.label}: ${why}; asking again in ${Math.ceil(pause / 1_000)} s`);
    await call.clock.sleep(pause, call.signal);
    waited += pause;
  }
}

function pauseAfter(attempt: Attempt, number: number, repeat: PatientCall['repeat']): number | undefined {
  switch (attempt.kind) {
    case 'answer':
    case 'refused':
      return undefined;
    case 'limited':
      return attempt.waitMs;
    case 'unreachable':
      // 0.5, 2 and 4.5 s: most of GitHub's 502s are gone after the first.
      return repeat === 'when-in-trouble' ? 500 * number * number : undefined;
    default:
      return attempt satisfies never;
  }
}
