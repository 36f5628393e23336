import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { EntropyError } from '../../domain/error.ts';

const deadlineMs = 20_000;

export interface KeeperStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly extraDescriptors: readonly (number | 'ignore')[];
  /** `farewell`: it has to take away what the kernel does not, and gets the time for it. */
  readonly atEnd?: 'kill' | 'farewell';
}

export interface Keeper extends AsyncDisposable {
  /** Its number on the machine; `/proc/<pid>/ns/…` are the namespaces that it holds. */
  readonly pid: number;
}

/**
 * A process that does nothing but hold namespaces, so that what is mounted in them (the size-limited `/tmp` and home)
 * stays for the run and is gone with it. It waits for the end of its standard input: when this process ends, however
 * that happens, so does the keeper.
 */
export async function startKeeper({ program, args, extraDescriptors, atEnd = 'kill' }: KeeperStart): Promise<Keeper> {
  const child = spawn(program, args, {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...extraDescriptors],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.ref();
    if (atEnd === 'kill') child.kill('SIGKILL');
    else child.stdin?.destroy();
    const hanging = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    await gone;
    clearTimeout(hanging);
  };
  try {
    const pid = await readyPid(child);
    // It must not keep this process alive; its end of the pipe notices when this process is gone.
    child.unref();
    return { pid, [Symbol.asyncDispose]: stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    throw error;
  }
}

/** The script says `ready <pid>` when everything is mounted; before that, what it says on standard error is the reason. */
async function readyPid(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let said = '';
  let complained = '';
  const failed = (reason: string, cause?: unknown): void =>
    reject(
      new EntropyError({
        code: 'E400',
        message: `the sandbox could not be set up: ${reason}`,
        fix: 'run `entropy-playground doctor`, and see docs/sandbox.md, "When it does not start"',
        cause,
      }),
    );
  const timer = setTimeout(() => failed(`not ready after ${deadlineMs / 1000} s`), deadlineMs);
  child.once('error', (cause) => failed('its program did not start', cause));
  child.once('close', (code) => failed(complained.trim() || `its program ended with ${code}`));
  child.stderr?.on('data', (chunk: Uint8Array) => {
    complained = (complained + new TextDecoder().decode(chunk)).slice(-2000);
  });
  child.stdout?.on('data', (chunk: Uint8Array) => {
    said = (said + new TextDecoder().decode(chunk)).slice(0, 100);
    const ready = /^ready (\d+)\n/.exec(said)?.[1];
    if (ready !== undefined) resolve(Number(ready));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    for (const stream of [child.stdin, child.stdout, child.stderr]) unref(stream);
  }
}

function unref(stream: Readable | NodeJS.WritableStream | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
