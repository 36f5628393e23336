import { EntropyError } from '../domain/error.ts';
import { describeExceeded } from '../domain/resource-use.ts';
import type { SandboxRung } from '../domain/run-result.ts';
import type { SandboxExit, SandboxOptions, SandboxProvider } from '../ports/sandbox.ts';
import { openStrongestRung } from './open-strongest-rung.ts';

export interface SetUpRequest {
  readonly providers: readonly SandboxProvider[];
  readonly options: Omit<SandboxOptions, 'network'>;
  readonly required?: SandboxRung;
  /** `npm ci`, as a maintainer wrote it: a line for the shell. */
  readonly command: string;
  readonly timeoutMs: number;
  /** The command's output as it comes, for the log of the job. */
  readonly log: (chunk: Uint8Array) => void;
}

export interface SetUpDone {
  readonly durationMs: number;
}

/**
 * Prepares the workspace (install, build) with the network, which only this command gets, and before any key is in a
 * process: what it installs may run code of strangers. `.git` stays read-only. Failing is E404 with the end of what it said.
 */
export async function setUpWorkspace(request: SetUpRequest, signal: AbortSignal): Promise<SetUpDone> {
  const options = { ...request.options, network: { kind: 'open' } as const };
  const { providers, required } = request;
  const opened = await openStrongestRung({ providers, options, required }, signal);
  await using sandbox = opened.sandbox;
  const exit = await sandbox.run(
    {
      argv: ['/bin/sh', '-c', request.command],
      timeoutMs: request.timeoutMs,
      maxOutputBytes: 16_384,
      onOutput: (_, chunk) => request.log(chunk),
    },
    signal,
  );
  if (exit.exitCode === 0) return { durationMs: exit.durationMs };
  throw new EntropyError({
    code: 'E404',
    message: `the set-up command \`${request.command}\` ${howItEnded(exit, request.timeoutMs)}`,
    why: lastWords(exit),
    fix: 'run the same command on a fresh clone; then correct `setup` in .github/entropy.yml or the workflow. It runs with the network, without any credential, and cannot write to .git',
  });
}

function howItEnded(exit: SandboxExit, timeoutMs: number): string {
  if (exit.timedOut) return `did not end within ${Math.round(timeoutMs / 1000)} s`;
  if (exit.exceeded !== undefined) return `was ended: ${describeExceeded(exit.exceeded)}`;
  return exit.exitCode === null ? `was killed by ${exit.signal}` : `ended with ${exit.exitCode}`;
}

/** The end of both streams: what failed is said last, and by some programs on standard output. */
function lastWords({ stdout, stderr }: SandboxExit): string {
  const text = new TextDecoder();
  const tails = [stdout, stderr].map(({ head, tail }) =>
    text
      .decode(tail.length > 0 ? tail : head)
      .trim()
      .slice(-2000),
  );
  const said = tails.filter((tail) => tail !== '').join('\n');
  return said === '' ? 'it said nothing' : `it said last:\n${said}`;
}
