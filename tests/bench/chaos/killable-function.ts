import { type FunctionOptions, type StackFunction, startFunction } from '../../fakes/stack-world/stack-function.ts';
import type { SteppedTime } from './stepped-time.ts';

/** One function whose process may be ended at any moment: the next invocation starts another one, as Lambda does. */
export interface KillableFunction extends AsyncDisposable {
  invoke<Result>(event: unknown): Promise<Result>;
  kill(): void;
  readonly starts: () => number;
  /** Invocations that have not ended. */
  readonly atWork: () => number;
}

export function killableFunction(options: Omit<FunctionOptions, 'shiftMs'>, time: SteppedTime): KillableFunction {
  let current: Promise<StackFunction> | undefined;
  let starts = 0;
  let atWork = 0;
  const started = (): Promise<StackFunction> => {
    if (current !== undefined) return current;
    starts += 1;
    const starting = startFunction({ ...options, shiftMs: time.shiftMs() });
    starting.catch((error: unknown) => {
      if (current === starting) process.stderr.write(`a function did not start: ${error}\n`);
    });
    current = starting;
    const forget = (): void => {
      if (current === starting) current = undefined;
    };
    starting.then((running) => running.ended).then(forget, forget);
    return starting;
  };
  time.follow(async (shiftMs) => (await current?.catch(() => undefined))?.shift(shiftMs));
  const running = async (): Promise<StackFunction | undefined> => current?.catch(() => undefined);
  return {
    starts: () => starts,
    atWork: () => atWork,
    invoke: async (event) => {
      atWork += 1;
      try {
        return await (await started()).invoke(event);
      } finally {
        atWork -= 1;
      }
    },
    kill: () => {
      const killed = current;
      current = undefined;
      void killed?.then(
        (process) => process.kill(),
        () => undefined,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await (await running())?.[Symbol.asyncDispose]();
    },
  };
}
