import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Sandbox, SandboxCommand, SandboxExit, StreamCapture } from '../../src/ports/sandbox.ts';

export interface PlainSandbox extends Sandbox {
  readonly root: string;
  /** Every command that was run, in order. */
  readonly commands: readonly SandboxCommand[];
}

/**
 * Runs commands in a folder with NO isolation at all: for tests of what is above the sandbox, never for anything else.
 * It keeps the port's word on output, deadlines, cancelling and leaving no process behind.
 */
export function plainSandbox(root: string, options: { readonly path?: string } = {}): PlainSandbox {
  const commands: SandboxCommand[] = [];
  return {
    root,
    commands,
    rung: 'bubblewrap',
    description: 'plain, for tests only',
    run: async (command, signal) => {
      commands.push(command);
      signal.throwIfAborted();
      return await runPlain(command, { root, signal, path: options.path ?? '/usr/local/bin:/usr/bin:/bin' });
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Place {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly path: string;
}

function runPlain(command: SandboxCommand, place: Place): Promise<SandboxExit> {
  const started = performance.now();
  const [program, ...args] = command.argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: path.join(place.root, command.cwd ?? '.'),
      env: { PATH: place.path, HOME: '/nonexistent', LANG: 'C.UTF-8' },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const killGroup = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, command.timeoutMs);
    const stop = (): void => killGroup();
    place.signal.addEventListener('abort', stop, { once: true });

    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {
      // The command closed its input early (EPIPE); its exit code tells the rest.
    });
    child.stdin.end(command.stdin ?? '');
    child.on('exit', killGroup);
    const leave = (): void => {
      clearTimeout(timer);
      place.signal.removeEventListener('abort', stop);
    };
    child.on('error', (error) => {
      leave();
      reject(error);
    });
    child.on('close', (exitCode, killedBy) => {
      leave();
      if (place.signal.aborted) {
        reject(place.signal.reason);
        return;
      }
      resolve({
        exitCode,
        signal: killedBy,
        timedOut,
        stdout: capture(Buffer.concat(stdout), command.maxOutputBytes),
        stderr: capture(Buffer.concat(stderr), command.maxOutputBytes),
        durationMs: performance.now() - started,
      });
    });
  });
}

function capture(bytes: Buffer, limit: number): StreamCapture {
  const half = Math.floor(limit / 2);
  if (bytes.length <= half * 2) return { head: bytes.subarray(0, half), tail: bytes.subarray(half), omittedBytes: 0 };
  return {
    head: bytes.subarray(0, half),
    tail: bytes.subarray(bytes.length - half),
    omittedBytes: bytes.length - half * 2,
  };
}
