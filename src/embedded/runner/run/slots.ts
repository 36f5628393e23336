/** How many jobs run at the same time; the others wait in the order in which they came. */
export interface Slots {
  /** Resolves with the function that frees the slot. Rejects with the signal's reason when aborted while waiting. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];

  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const once = (): (() => void) => {
    let done = false;
    return () => {
      if (!done) release();
      done = true;
    };
  };

  return {
    take: (signal) => {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(once());
      }
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(once());
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
      return promise;
    },
  };
}
