import type { CliIo } from '../../src/cli/cli-io.ts';
import { createPaint } from '../../src/cli/paint.ts';
import { parseCliEnvironment } from '../../src/runtime/cli-environment.ts';

export interface FakeCliIo extends CliIo {
  readonly out: () => string;
  readonly err: () => string;
  /** How often the command said that it now only waits for Ctrl-C. */
  readonly waits: () => number;
}

/** A command's surroundings without a process: what it writes is kept, nobody is at the keyboard. */
export function fakeCliIo(
  given: {
    readonly cwd?: string;
    readonly variables?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): FakeCliIo {
  const written = { out: '', err: '' };
  let waits = 0;
  const paint = createPaint('never', false);
  return {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    stdinIsTerminal: false,
    environment: parseCliEnvironment({ HOME: '/nowhere', PATH: process.env['PATH'], ...given.variables }),
    cwd: given.cwd ?? process.cwd(),
    signal: given.signal ?? new AbortController().signal,
    paintOut: paint,
    paintErr: paint,
    untilStopped: async () => {
      waits += 1;
    },
    out: () => written.out,
    err: () => written.err,
    waits: () => waits,
  };
}
