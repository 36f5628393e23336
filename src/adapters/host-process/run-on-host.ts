import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { EntropyError } from '../../domain/error.ts';
import { captureOutput } from '../../domain/output-capture.ts';
import type { Sandbox, SandboxCommand, SandboxExit } from '../../ports/sandbox.ts';
import type { HostPass } from './host-pass.ts';
import { seatbeltArguments } from './seatbelt-arguments.ts';

/**
 * Runs commands as processes of this machine, each a group of its own that is ended with it. What leaves its group stays:
 * there is no namespace that would end it.
 */
export function commandsOnHost(pass: HostPass): Pick<Sandbox, 'rung' | 'description' | 'base' | 'run'> {
  return {
    rung: pass.rung,
    description: pass.description,
    ...(pass.base === undefined ? {} : { base: pass.base }),
    async run(command, signal) {
      signal.throwIfAborted();
      const argv = pass.walls === undefined ? bounded(pass, command) : await walled(pass, pass.walls, command);
      return runGroup({ argv, pass, command }, signal);
    },
  };
}

/** A shell sets the bounds that it can set for itself, and becomes the command. */
function bounded({ limits }: HostPass, { argv }: SandboxCommand): readonly string[] {
  const fileBlocks = String(Math.ceil(limits.maxFileBytes / 512));
  return ['/bin/sh', '-c', 'ulimit -c 0; ulimit -f "$1"; shift; exec "$@"', 'bounded', fileBlocks, ...argv];
}

async function walled(pass: HostPass, walls: NonNullable<HostPass['walls']>, command: SandboxCommand) {
  return seatbeltArguments(walls, bounded(pass, command));
}

interface Group {
  readonly argv: readonly string[];
  readonly pass: HostPass;
  readonly command: SandboxCommand;
}

async function runGroup({ argv, pass, command }: Group, signal: AbortSignal): Promise<SandboxExit> {
  const started = performance.now();
  const [program = '', ...args] = argv;
  const child = start(program, args, { pass, command });
  let ending: 'deadline' | 'aborted' | undefined;
  const end = (why: 'deadline' | 'aborted'): void => {
    ending ??= why;
    endGroup(child);
  };
  const onAbort = (): void => end('aborted');
  const deadline = setTimeout(() => end('deadline'), command.timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const stdout = keep(child.stdout, 'stdout', command);
    const stderr = keep(child.stderr, 'stderr', command);
    child.once('exit', () => endGroup(child));
    const [exitCode, killedBy] = await closed(child);
    if (ending === 'aborted') throw signal.reason;
    const timedOut = ending === 'deadline';
    return {
      exitCode: timedOut ? null : exitCode,
      signal: timedOut ? 'SIGKILL' : killedBy,
      timedOut,
      stdout: stdout.finish(),
      stderr: stderr.finish(),
      durationMs: performance.now() - started,
    };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
  }
}

function start(program: string, args: readonly string[], { pass, command }: Omit<Group, 'argv'>): ChildProcess {
  try {
    const child = spawn(program, args, {
      cwd: resolve(pass.workspace, command.cwd ?? '.'),
      env: pass.env,
      detached: true,
      stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.on('error', () => {
      // The command left its input unread; its exit code tells the rest.
    });
    child.stdin?.end(command.stdin);
    return child;
  } catch (cause) {
    throw cannotStart(cause);
  }
}

async function closed(child: ChildProcess): Promise<readonly [number | null, string | null]> {
  try {
    const [code, killedBy] = await once(child, 'close');
    return [code, killedBy];
  } catch (cause) {
    throw cannotStart(cause);
  }
}

function cannotStart(cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E403',
    message: 'the command could not be started',
    fix: 'check its arguments and the folder that it is to run in',
    cause,
  });
}

function keep(stream: Readable | null, name: 'stdout' | 'stderr', { maxOutputBytes, onOutput }: SandboxCommand) {
  const kept = captureOutput(maxOutputBytes);
  stream?.on('data', (chunk: Uint8Array) => {
    kept.push(chunk);
    onOutput?.(name, chunk);
  });
  return kept;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // EPERM is what macOS says of a group that has ended and was not waited for yet.
    const gone = error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!gone) throw error;
  }
}
