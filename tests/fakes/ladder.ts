import type { SandboxRung } from '../../src/domain/run-result.ts';
import type { Sandbox, SandboxExit, SandboxOptions, SandboxProvider } from '../../src/ports/sandbox.ts';
import type { SandboxCanary } from '../../src/ports/sandbox-canary.ts';

export interface FakeRung extends SandboxProvider {
  readonly opened: SandboxOptions[];
  /** Sandboxes that are open now. */
  stillOpen: () => number;
}

export function exitWith(stdout: string, exitCode = 0): SandboxExit {
  const stream = (text: string) => ({ head: new TextEncoder().encode(text), tail: new Uint8Array(), omittedBytes: 0 });
  return { exitCode, signal: null, timedOut: false, stdout: stream(stdout), stderr: stream(''), durationMs: 1 };
}

/** A rung that is there or not, and whose commands all end the same way. */
export function fakeRung(rung: SandboxRung, state: 'available' | 'unavailable', exit = exitWith('')): FakeRung {
  const opened: SandboxOptions[] = [];
  let open = 0;
  return {
    rung,
    opened,
    stillOpen: () => open,
    probe: async () =>
      state === 'available'
        ? { kind: 'available', version: '1.0' }
        : { kind: 'unavailable', reason: `no ${rung}`, fix: `install ${rung}` },
    open: async (options): Promise<Sandbox> => {
      if (state === 'unavailable') throw new Error(`${rung} does not start`);
      opened.push(options);
      open += 1;
      return {
        rung,
        description: `${rung}, fake`,
        run: async () => exit,
        [Symbol.asyncDispose]: async () => {
          open -= 1;
        },
      };
    },
  };
}

/** A canary whose finding is given; counts how often it is planted and taken away. */
export function fakeCanary(leaks: readonly string[]): SandboxCanary & { readonly planted: () => number } {
  let planted = 0;
  return {
    planted: () => planted,
    plant: async () => {
      planted += 1;
      return {
        probe: { argv: ['true'], timeoutMs: 1, maxOutputBytes: 1 },
        leaks: () => leaks,
        [Symbol.asyncDispose]: async () => {
          planted -= 1;
        },
      };
    },
  };
}
