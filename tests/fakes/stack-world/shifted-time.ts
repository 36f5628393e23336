let shiftMs = 0;
let installed = false;

/** From now on this process believes that it is so much later than it is. Timers keep the real pace. */
export function shiftTime(ms: number): void {
  shiftMs = ms;
  if (installed) return;
  installed = true;
  const real = Date;
  const monotonic = performance.now.bind(performance);
  const now = (): number => real.now() + shiftMs;
  globalThis.Date = new Proxy(real, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  performance.now = () => monotonic() + shiftMs;
}
