import { spawn } from 'node:child_process';
import { EntropyError } from '../../../domain/error.ts';

/**
 * What every git process gets before its own arguments: nothing that a repository carries may start a program
 * (docs: "git in trusted processes"), and nothing of the user's own configuration changes an answer.
 */
export const hardenedArguments: readonly string[] = [
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'protocol.ext.allow=never'],
  ...['-c', 'safe.directory=*'],
  ...['-c', 'core.autocrlf=false'],
  ...['-c', 'core.quotePath=false'],
  ...['-c', 'gc.auto=0'],
  ...['-c', 'diff.renames=true'],
];

/** Where programs are found when the caller names no PATH. */
export const defaultHostPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';

export function gitEnvironment(hostPath: string): Record<string, string> {
  return {
    PATH: hostPath,
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ATTR_NOSYSTEM: '1',
  };
}

export interface GitCommand {
  readonly args: readonly string[];
  readonly hostPath: string;
  readonly stdin?: Uint8Array | string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers rather than faults. */
  readonly accept?: readonly number[];
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
}

export interface GitExit {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** The output was longer than `maxBytes`; only the start is there. */
  readonly truncated: boolean;
}

/** Runs git once, with an argument array, a deadline and a bound on what is kept. */
export function runGit(command: GitCommand): Promise<GitExit> {
  const { promise, resolve, reject } = Promise.withResolvers<GitExit>();
  const maxBytes = command.maxBytes ?? 256 * 1024 * 1024;
  const child = spawn('git', [...hardenedArguments, ...command.args], {
    env: { ...gitEnvironment(command.hostPath), ...command.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: command.timeoutMs ?? 120_000,
    killSignal: 'SIGKILL',
  });
  const out: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (truncated) return;
    const room = maxBytes - kept;
    truncated = chunk.length > room;
    out.push(truncated ? chunk.subarray(0, room) : chunk);
    kept += Math.min(chunk.length, room);
    if (truncated) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 16_384) stderr += chunk.toString();
  });
  // A git that ends early closes its input; its exit code says what happened.
  child.stdin.on('error', () => undefined);
  child.on('error', (cause) => reject(gitFault(command.args, `cannot be started: ${cause.message}`, cause)));
  child.on('close', (code, signal) => {
    const exit: GitExit = { code: code ?? -1, stdout: Buffer.concat(out), stderr, truncated };
    const answered = exit.code === 0 || truncated || (command.accept ?? []).includes(exit.code);
    if (answered) resolve(exit);
    else reject(gitFault(command.args, signal === null ? stderr.trim() : `killed by ${signal}`));
  });
  child.stdin.end(command.stdin);
  return promise;
}

function gitFault(args: readonly string[], what: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E500',
    message: `git ${args.find((arg) => !arg.startsWith('-')) ?? ''} failed in the embedded GitHub: ${what.slice(0, 500)}`,
    fix: 'Check that git 2.38 or newer is installed (git --version) and that the disk is not full.',
    ...(cause === undefined ? {} : { cause }),
  });
}
