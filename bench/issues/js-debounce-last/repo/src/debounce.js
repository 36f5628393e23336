/** See the README. `timers` has `set(callback, ms)` and `clear(id)`. */
export function debounce(work, ms, timers = realTimers) {
  let timer;
  let args;
  let cancelled = false;

  function debounced(...given) {
    args ??= given;
    if (timer !== undefined) timers.clear(timer);
    timer = timers.set(run, ms);
  }

  function run() {
    if (cancelled) {
      cancelled = false;
      return undefined;
    }
    return work(...(args ?? []));
  }

  debounced.flush = () => run();
  debounced.cancel = () => {
    cancelled = true;
  };
  Object.defineProperty(debounced, 'pending', { get: () => timer !== undefined });
  return debounced;
}

const realTimers = { set: (callback, ms) => setTimeout(callback, ms), clear: (id) => clearTimeout(id) };
