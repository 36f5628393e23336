import { type ChildProcess, spawn } from 'node:child_process';
import { EntropyError } from '../../domain/error.ts';
import { type ExitStatus, readExitStatus } from '../../domain/exit-status.ts';
import { type CapturedOutput, captureOutput } from '../../domain/output-capture.ts';
import { diskReserve, type ExceededResource, exceededResource } from '../../domain/resource-use.ts';
import type { SandboxCommand, SandboxExit, SandboxLimits } from '../../ports/sandbox.ts';
import { startedByte } from './pid-one.ts';
import { killTree, measureTree } from './process-tree.ts';
import type { PipePool, StdioPipes } from './stdio-pipes.ts';

/** How often a running command's use of the machine is looked at. */
const watchEveryMs = 200;
/** A tree that is still there so long after SIGKILL hangs in the kernel. */
const killGraceMs = 10_000;

/** How the walls are put up around a command: the program that we spawn, and its arguments before the command's own. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  /** Descriptors above 2 that the program is given: at their index; `ignore` where there is none. */
  readonly extraDescriptors: readonly (number | 'ignore')[];
  readonly disk: string;
  readonly limits: SandboxLimits;
}

type Ending =
  | { readonly kind: 'deadline' | 'aborted' | ExceededResource }
  /** We can no longer watch it. */
  | { readonly kind: 'blind'; readonly cause: unknown };

/** Runs one command behind the walls and returns when nothing of it is left. */
export async function runCommand(
  launch: Launch,
  command: SandboxCommand,
  pool: PipePool,
  signal: AbortSignal,
): Promise<SandboxExit> {
  signal.throwIfAborted();
  using pipes = await pool.take(command.stdin !== undefined);
  signal.throwIfAborted();
  const startedAt = performance.now();
  const stdout = readStdout(pipes, command);
  const stderr = capture(pipes.stderr, command, 'stderr');
  const child = spawnWalls(launch, pipes);
  feedStdin(pipes, command.stdin);

  let ending: Ending | undefined;
  const end = (how: Ending): void => {
    ending ??= how;
    if (child.pid !== undefined) killTree(child.pid);
  };
  const onAbort = (): void => end({ kind: 'aborted' });
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => end({ kind: 'deadline' }), command.timeoutMs);
  const stopWatching = watch(child, launch, end);
  try {
    const { code, killedBy } = await exitOf(child, () => ending !== undefined);
    await Promise.all([stdout.ended, stderr.ended]);
    const ended = howItEnded(
      ending,
      code === null ? { exitCode: null, signal: killedBy } : readExitStatus(code),
      signal,
    );
    if (!stdout.started() && ending === undefined) throw neverStarted(stderr.finish(), code);
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
function spawnWalls(launch: Launch, pipes: StdioPipes): ChildProcess {
  const { stdin, stdout, stderr } = pipes.child;
  try {
    return spawn(launch.program, launch.args, {
      cwd: '/',
      env: {},
      // A session of its own: no controlling terminal to type into.
      detached: true,
      stdio: [stdin, stdout, stderr, ...launch.extraDescriptors],
    });
  } catch (cause) {
    throw cannotStart(cause);
  } finally {
    pipes.closeChildEnds();
  }
}

function feedStdin({ stdin }: StdioPipes, bytes: Uint8Array | undefined): void {
  // A command may end without reading all of it; then the rest has no reader, which is no fault of anybody.
  stdin?.on('error', () => undefined);
  if (bytes !== undefined) stdin?.end(bytes);
}

function readStdout(pipes: StdioPipes, command: SandboxCommand) {
  let started = false;
  const strip = (chunk: Uint8Array): Uint8Array => {
    if (started || chunk[0] !== startedByte) return chunk;
    started = true;
    return chunk.subarray(1);
  };
  return { ...capture(pipes.stdout, command, 'stdout', strip), started: () => started };
}

function capture(
  stream: StdioPipes['stdout'],
  { maxOutputBytes, onOutput }: SandboxCommand,
  name: 'stdout' | 'stderr',
  strip: (chunk: Uint8Array) => Uint8Array = (chunk) => chunk,
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

function watch(child: ChildProcess, { limits, disk }: Launch, end: (how: Ending) => void): () => void {
  let minFreeDiskBytes = limits.minFreeDiskBytes;
  let looking = false;
  const look = async (): Promise<void> => {
    if (child.pid === undefined) return;
    const use = await measureTree(child.pid, disk);
    minFreeDiskBytes ??= diskReserve(use.freeDiskBytes);
    const broken = exceededResource(use, { ...limits, minFreeDiskBytes });
    if (broken !== undefined) end({ kind: broken });
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((cause: unknown) => end({ kind: 'blind', cause }))
      .finally(() => {
        looking = false;
      });
  }, watchEveryMs);
  return () => clearInterval(timer);
}

function cannotStart(cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E403',
    message: 'the command could not be started',
    fix: 'check its arguments: no NUL byte, and no argument above 128 KiB (give long text through standard input)',
    cause,
  });
}

function neverStarted(stderr: CapturedOutput, code: number | null): EntropyError {
  const said = new TextDecoder().decode(stderr.head).trim();
  return new EntropyError({
    code: 'E403',
    message: `the sandbox did not get to the command (exit ${code}): ${said === '' ? 'it said nothing' : said}`,
    fix: 'check that the folder to run in exists; then look at docs/sandbox.md, "When it does not start"',
  });
}
