import { type ChildProcess, spawn } from 'node:child_process';
import { EntropyError } from '../domain/error.ts';
import type { RunResult } from '../domain/run-result.ts';
import { shownOutput } from './job-log.ts';
import { parseFromWorker, type ToWorker } from './worker-protocol.ts';

export interface WorkerLinkOptions {
  /** Program and arguments that start the worker, e.g. `[process.execPath, 'dist/index.js', 'worker']`. */
  readonly command: readonly [string, ...string[]];
  /** PATH in which it finds git and the sandbox's programs. */
  readonly hostPath: string;
  /** Absolute path of a folder that somebody else empties: a worker that is killed cannot clear up after itself. */
  readonly tempDir: string;
}

/** The worker process as its parent sees it. Disposing waits for its end. */
export interface WorkerLink extends AsyncDisposable {
  readonly finished: Promise<RunResult>;
  send(message: ToWorker): void;
  /** Asks it to stop and to collect what it has; kills it when that takes too long. */
  stop(reason: string): void;
}

/** Longest silence between asking the worker to stop and killing it. It collects the work in progress meanwhile. */
const stopGraceMs = 20_000;

/**
 * Starts the worker. It does nothing until it is told what, so it can be started before that is known: its runtime and
 * its modules load while the parent still reads the task.
 */
export function startWorker({ command, hostPath, tempDir }: WorkerLinkOptions): WorkerLink {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    // Only what is needed to find git, bwrap and a temporary folder: no key, no token, no runner variable.
    env: { PATH: hostPath, LANG: 'C.UTF-8', TMPDIR: tempDir },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Nothing, as a rule; a fault of ours may quote whatever it stumbled over.
  for (const name of ['stdout', 'stderr'] as const) {
    const shown = shownOutput((bytes) => void process[name].write(bytes));
    child[name]?.on('data', shown.push);
    child[name]?.on('end', shown.end);
  }
  const send = (message: ToWorker): void => {
    // With a callback, so that a worker which is gone is told of by its end and not by a broken channel.
    if (child.connected) child.send(message, () => undefined);
  };
  const finished = Promise.withResolvers<RunResult>();
  const fail = (error: Error): void => finished.reject(error);
  // It is awaited late, if at all; a rejection must not count as unhandled meanwhile.
  finished.promise.catch(() => undefined);

  child.on('message', (value) => {
    const message = parseFromWorker(value);
    if (message === undefined) fail(workerFailed('said something that is not in the protocol'));
    else if (message.type === 'finished') finished.resolve(message.result);
    else fail(new EntropyError(message.fault));
  });
  child.on('error', (cause) => fail(workerFailed(`cannot be started: ${cause.message}`, cause)));
  // `close` and not `exit`: its last words may still be in the channel when it has ended.
  child.on('close', (code, killedBy) =>
    fail(workerFailed(`ended with ${killedBy ?? `exit code ${code}`} before it had a result`)),
  );

  return {
    finished: finished.promise,
    send,
    stop(reason) {
      send({ type: 'cancel', reason });
      setTimeout(() => child.kill('SIGKILL'), stopGraceMs).unref();
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

/** The worker leaves by itself when its channel closes; one that does not is killed. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  const killer = setTimeout(() => child.kill('SIGKILL'), 2_000);
  await exit;
  clearTimeout(killer);
}

function workerFailed(how: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `the agent's worker process ${how}`,
    fix: 'its last steps are in trajectory.jsonl; /agent retry starts a new run',
    retryable: true,
    cause,
  });
}
