import type { Clock } from '../ports/clock.ts';

export type Timed<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'late' };

/** The longest time that a timer of Node can wait. */
const longestWaitMs = 2 ** 31 - 1;

/**
 * Gives a piece of work so much time. Its signal is aborted when the time is over or when the caller's is; the work is
 * not waited for any longer then, even if it does not listen. A cancelled caller gets its own reason thrown.
 */
export async function withDeadline<T>(
  wait: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Timed<T>> {
  wait.signal.throwIfAborted();
  const stop = new AbortController();
  const forward = (): void => stop.abort(wait.signal.reason);
  wait.signal.addEventListener('abort', forward, { once: true });
  const timer = new AbortController();

  const cancelled = new Promise<never>((_, reject) => {
    wait.signal.addEventListener('abort', () => reject(wait.signal.reason), { once: true, signal: timer.signal });
  });
  const late = wait.clock
    .sleep(Math.min(wait.ms, longestWaitMs), timer.signal)
    .then((): Timed<T> => ({ kind: 'late' }));
  const done = work(stop.signal).then((value): Timed<T> => ({ kind: 'done', value }));
  try {
    const first = await Promise.race([done, late, cancelled]);
    if (first.kind === 'late') stop.abort(new DOMException('the time for this is over', 'TimeoutError'));
    return first;
  } finally {
    wait.signal.removeEventListener('abort', forward);
    timer.abort();
    // The losers of the race may still fail; they have been answered for.
    for (const loser of [done, late, cancelled]) loser.catch(() => {});
  }
}
