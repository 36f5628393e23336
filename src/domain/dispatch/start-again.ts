import type { RunRecord } from '../coordination/run-record.ts';

/** After the first start the second one is due a minute later, then two, four and eight: GitHub loses few, and not for long. */
const pausesMs = [60_000, 2 * 60_000, 4 * 60_000, 8 * 60_000];
export const maxStarts = pausesMs.length + 1;

/** Work is without a runner when it was started so long ago and nobody has come for it. */
export const stuckAfterMs = 2 * 60_000;

/**
 * What is due for a run that was handed over and that nobody has come for, when GitHub has no living workflow run for it:
 * another start, the end after too many, or nothing yet.
 */
export function startDue(
  { dispatched }: Pick<RunRecord, 'dispatched'>,
  now: number,
): 'start-again' | 'give-up' | 'wait' {
  if (dispatched === undefined) return 'wait';
  const { tries, at } = dispatched;
  // Never started: whoever admitted it is about to, or died over it.
  const pause = pausesMs[Math.max(0, tries - 1)] ?? pausesMs.at(-1) ?? 0;
  if (now - at < pause) return 'wait';
  return tries >= maxStarts ? 'give-up' : 'start-again';
}
