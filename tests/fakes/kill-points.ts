/** What a process that is ended in the middle looks like to whoever waits for it. */
export class Killed extends Error {}

export interface KillPoints {
  /** The same thing, whose named methods end everything at the planned point: before or after one of their calls. */
  watch<T extends object>(target: T, methods: readonly (keyof T)[]): T;
  /** How many points were passed: two for each call. */
  readonly passed: number;
}

/** Ends the work at one point, counted over everything that is watched; from then on nothing more is done. */
export function killPoints(at: number): KillPoints {
  let passed = 0;
  const point = (): void => {
    passed += 1;
    if (passed >= at) throw new Killed(`killed at point ${passed}`);
  };
  return {
    get passed() {
      return passed;
    },
    watch: (target, methods) => {
      const watched: Partial<typeof target> = {};
      for (const method of methods) {
        const call: unknown = target[method];
        if (typeof call !== 'function') throw new TypeError(`${String(method)} is no method`);
        Object.assign(watched, {
          [method]: async (...given: readonly unknown[]) => {
            point();
            const result: unknown = await call.apply(target, given);
            point();
            return result;
          },
        });
      }
      return { ...target, ...watched };
    },
  };
}
