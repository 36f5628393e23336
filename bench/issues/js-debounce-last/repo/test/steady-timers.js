/** Timers whose time is moved by hand. */
export function steadyTimers() {
  let now = 0;
  let ids = 0;
  const waiting = new Map();
  return {
    set(callback, ms) {
      ids += 1;
      waiting.set(ids, { callback, at: now + ms });
      return ids;
    },
    clear: (id) => waiting.delete(id),
    advance(ms) {
      now += ms;
      for (const [id, { callback, at }] of [...waiting]) {
        if (at > now || !waiting.delete(id)) continue;
        callback();
      }
    },
  };
}
