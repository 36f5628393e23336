import { EntropyError } from '../error.ts';

const pausesMs = [15_000, 60_000, 3 * 60_000, 8 * 60_000];
/** Longer than any limit of GitHub lasts; a queue keeps a message for a day. */
const longestMs = 65 * 60_000;

/** How long work waits that failed for the n-th time (from 1): longer each time, and as long as whoever refused it says. */
export function retryPause(deliveries: number, error: unknown): number {
  const usual = pausesMs[Math.min(Math.max(1, deliveries), pausesMs.length) - 1] ?? longestMs;
  const told = error instanceof EntropyError ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(longestMs, Math.max(usual, told));
}
