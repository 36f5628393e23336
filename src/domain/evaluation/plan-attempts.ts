import { type AttemptName, attemptKey } from './attempt-record.ts';

/** What is still to be tried: every issue once, then every issue again, so that an early end has seen all of them. */
export function plannedAttempts(
  issues: readonly { readonly id: string }[],
  repeat: number,
  judged: readonly AttemptName[],
): readonly AttemptName[] {
  const done = new Set(judged.map(attemptKey));
  const rounds = Array.from({ length: repeat }, (_, index) => index + 1);
  return rounds
    .flatMap((attempt) => issues.map(({ id }) => ({ issue: id, attempt })))
    .filter((name) => !done.has(attemptKey(name)));
}

export interface Purse {
  /** Over the whole evaluation; absent: no bound. */
  readonly capUsd?: number;
  readonly spentUsd: number;
  /** What the attempts that are under way may still spend, all together. */
  readonly reservedUsd: number;
}

/**
 * Whether one more attempt may begin that is allowed to cost so much. It is not begun with less: an attempt that runs out
 * of money would be told as a failure of the model.
 */
export function affords({ capUsd, spentUsd, reservedUsd }: Purse, ceilingUsd: number): boolean {
  if (capUsd === undefined) return true;
  // Amounts are millionths; sums of fractions are not exact.
  return Math.round((spentUsd + reservedUsd + ceilingUsd) * 1e6) <= Math.round(capUsd * 1e6);
}
