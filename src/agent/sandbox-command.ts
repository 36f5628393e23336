import type { FileAccess, SandboxExit } from '../ports/sandbox.ts';
import type { ToolContext } from './tool.ts';

export interface ToolCommand {
  readonly argv: readonly [string, ...string[]];
  readonly stdin?: Uint8Array;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** What a fixed script of ours does with files; absent when a program of somebody else's is started. */
  readonly files?: FileAccess;
}

/** Enough for errors of small commands. */
export const smallOutput = 64 * 1024;
/** Reading or writing one file takes milliseconds; this is for a disk that hangs. */
export const fileTimeoutMs = 30_000;

/** Runs one command of a tool, never past the end of the run. */
export function runCommand(context: ToolContext, command: ToolCommand): Promise<SandboxExit> {
  const timeoutMs = Math.max(1, Math.min(command.timeoutMs, context.remainingMs));
  return context.sandbox.run({ ...command, timeoutMs }, context.signal);
}

/**
 * A fixed script of ours with its arguments. Text that we did not write travels as `"$1"`, `"$2"` … and is never read
 * as shell.
 */
export function script(source: string, ...args: readonly string[]): [string, ...string[]] {
  return ['sh', '-c', source, 'sh', ...args];
}

const findShell = 'if command -v bash >/dev/null 2>&1; then exec bash -c "$1" 2>&1; fi; exec sh -c "$1" 2>&1';

/**
 * A command line that somebody wrote for a shell: bash where there is one, as people and models write for it. Both
 * streams come as one, in the order in which they were written.
 */
export function shell(command: string): [string, ...string[]] {
  return script(findShell, command);
}
