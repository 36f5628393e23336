import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { EntropyError } from '../../domain/error.ts';
import { type ExitStatus, readExitStatus } from '../../domain/exit-status.ts';
import { type CapturedOutput, captureOutput } from '../../domain/output-capture.ts';
import type { ExceededResource } from '../../domain/resource-use.ts';
import type { SandboxCommand, SandboxExit, SandboxLimits } from '../../ports/sandbox.ts';
import type { CommandPipes, PipePool } from './command-pipes.ts';
import { startedByte } from './pid-one.ts';
import type { ProcessTree } from './process-tree.ts';
import { watchTree } from './watch-tree.ts';

/** A tree that is still there so long after SIGKILL hangs in the kernel. */
const killGraceMs = 10_000;

/** How the walls are put up around a command: the program that we spawn, and its arguments before the command's own. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  /** A file for the program itself. */
  readonly descriptor3: number | 'ignore';
  /** From descriptor 5 on: what hides the ones that would be inherited. */
  readonly masked: readonly (number | 'ignore')[];
  readonly disk: string;
  readonly limits: SandboxLimits;
  readonly pool: PipePool;
  readonly tree: ProcessTree;
  /** Whether the walls speak on a pipe of their own or on the command's standard error, before it starts. */
  readonly errors: 'apart' | 'shared';
}

type Ending =
  | { readonly kind: 'deadline' | 'aborted' | ExceededResource }
  /** We can no longer watch it. */
  | { readonly kind: 'blind'; readonly cause: unknown };

/** Runs one command behind the walls and returns when nothing of it is left. */
export async function runCommand(launch: Launch, command: SandboxCommand, signal: AbortSignal): Promise<SandboxExit> {
  signal.throwIfAborted();
  using pipes = await launch.pool.take(command.stdin);
  signal.throwIfAborted();
  const startedAt = performance.now();
  const stdout = readStdout(pipes, command);
  const stderr = capture(pipes.ours.stderr, { ...command, name: 'stderr' });
  const walls = capture(pipes.ours.walls, { maxOutputBytes: 4096, name: 'stderr' });
  const child = spawnWalls(launch, pipes);
  // Whatever a command does, what watches it gets its turn.
  if (command.priority !== 'normal' && child.pid !== undefined) setPriority(child.pid, 10);

  let ending: Ending | undefined;
  const end = (how: Ending): void => {
    ending ??= how;
    if (child.pid !== undefined) launch.tree.kill(child.pid);
  };
  const onAbort = (): void => end({ kind: 'aborted' });
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => end({ kind: 'deadline' }), command.timeoutMs);
  const stopWatching = watchTree(child.pid, launch, {
    ready: stdout.started,
    exceeded: (resource) => end({ kind: resource }),
    failed: (cause) => end({ kind: 'blind', cause }),
  });
  try {
    const { code, killedBy } = await exitOf(child, () => ending !== undefined);
    await Promise.all([stdout.ended, stderr.ended, walls.ended]);
    const ended = howItEnded(
      ending,
      code === null ? { exitCode: null, signal: killedBy } : readExitStatus(code),
      signal,
    );
    const said = launch.errors === 'apart' ? walls : stderr;
    if (!stdout.started() && ending === undefined) throw neverStarted(said.finish(), code);
    return {
      ...ended,
      stdout: stdout.finish(),
      stderr: stderr.finish(),
      durationMs: performance.now() - startedAt,
    };
  } finally {
    clearTimeout(deadline);
    stopWatching();
    signal.removeEventListener('abort', onAbort);
  }
}

function howItEnded(
  ending: Ending | undefined,
  status: ExitStatus,
  signal: AbortSignal,
): Pick<SandboxExit, 'exitCode' | 'signal' | 'timedOut' | 'exceeded'> {
  const killed = { exitCode: null, signal: 'SIGKILL' };
  if (ending === undefined) return { ...status, timedOut: false };
  switch (ending.kind) {
    case 'deadline':
      return { ...killed, timedOut: true };
    case 'aborted':
      throw signal.reason;
    case 'blind':
      throw new EntropyError({
        code: 'E403',
        message: 'a command was ended because its use of the machine could not be watched any more',
        fix: 'check that the workspace is still there',
        cause: ending.cause,
      });
    default:
      return { ...killed, timedOut: false, exceeded: ending.kind };
  }
}

/** With an empty environment: what builds the walls would show its own in `/proc` (security: S3). */
function spawnWalls(launch: Launch, pipes: CommandPipes): ChildProcess {
  const { stdin, stdout, stderr, walls } = pipes.child;
  try {
    return spawn(launch.program, launch.args, {
      cwd: '/',
      env: {},
      // A session of its own: no controlling terminal to type into.
      detached: true,
      // In this order the scripts know them: 3 is for the program that builds the walls, 4 the command's own 2.
      stdio: [stdin, stdout, launch.errors === 'apart' ? walls : stderr, launch.descriptor3, stderr, ...launch.masked],
    });
  } catch (cause) {
    throw cannotStart(cause);
  } finally {
    pipes.closeChildEnds();
  }
}

function readStdout(pipes: CommandPipes, command: SandboxCommand) {
  let started = false;
  const strip = (chunk: Uint8Array): Uint8Array => {
    if (started || chunk[0] !== startedByte) return chunk;
    started = true;
    return chunk.subarray(1);
  };
  return { ...capture(pipes.ours.stdout, { ...command, name: 'stdout', strip }), started: () => started };
}

interface Captured extends Pick<SandboxCommand, 'maxOutputBytes' | 'onOutput'> {
  readonly name: 'stdout' | 'stderr';
  /** Takes off what is not the command's own. */
  readonly strip?: (chunk: Uint8Array) => Uint8Array;
}

function capture(
  stream: Readable,
  { maxOutputBytes, onOutput, name, strip = (chunk) => chunk }: Captured,
): { ended: Promise<void>; finish: () => CapturedOutput } {
  const kept = captureOutput(maxOutputBytes);
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  // It is awaited only after the command's end; until then a failure waits there too.
  ended.catch(() => undefined);
  stream.once('close', resolve);
  stream.once('error', reject);
  stream.on('data', (data: Uint8Array) => {
    const chunk = strip(data);
    if (chunk.length === 0) return;
    kept.push(chunk);
    onOutput?.(name, chunk);
  });
  return { ended, finish: () => kept.finish() };
}

async function exitOf(child: ChildProcess, isEnding: () => boolean) {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; killedBy: string | null }>();
  child.once('exit', (code, killedBy) => resolve({ code, killedBy }));
  child.once('error', (cause) => reject(cannotStart(cause)));
  let waited = 0;
  const guard = setInterval(() => {
    waited = isEnding() ? waited + 1000 : 0;
    if (waited < killGraceMs) return;
    reject(
      new EntropyError({
        code: 'E403',
        message: `a command in the sandbox did not end within ${killGraceMs / 1000} s of being killed`,
        fix: 'look at this machine: a process hangs in the kernel, often on a disk or network file system',
      }),
    );
  }, 1000);
  try {
    return await promise;
  } finally {
    clearInterval(guard);
  }
}

function cannotStart(cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E403',
    message: 'the command could not be started',
    fix: 'check its arguments: no NUL byte, and no argument above 128 KiB (give long text through standard input)',
    cause,
  });
}

function neverStarted(walls: CapturedOutput, code: number | null): EntropyError {
  const said = new TextDecoder().decode(walls.head).trim();
  return new EntropyError({
    code: 'E403',
    message: `the sandbox did not get to the command (exit ${code}): ${said === '' ? 'it said nothing' : said}`,
    fix: 'check that the folder to run in exists; then look at docs/sandbox.md, "When it does not start"',
  });
}
