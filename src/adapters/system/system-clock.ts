import type { Clock } from '../../ports/clock.ts';

/** The machine's own time. `sleep` keeps the process alive, and leaves neither timer nor listener behind. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const aborted = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', aborted);
          resolve();
        }, ms);
        signal?.addEventListener('abort', aborted, { once: true });
      });
    },
  };
}
