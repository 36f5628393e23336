import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';

/** One function of the stack, from its bundle, in a process of its own. */
export interface StackFunction extends AsyncDisposable {
  /** Rejects with what it threw, or when its time is over. */
  invoke<Result>(event: unknown): Promise<Result>;
  /** It believes from now on that it is so much later than it is. */
  shift(ms: number): void;
  /** As SIGKILL does: whatever it is at ends here. */
  kill(): void;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
}

export interface FunctionOptions {
  /** Folder with `index.mjs`. */
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where its log lines go. */
  readonly logFile: string;
  /** By how much it believes to be later; not at all when absent. */
  readonly shiftMs?: number;
}

type Told = { readonly ready: true } | { readonly id: number; readonly result?: unknown; readonly fault?: string };

export async function startFunction({
  code,
  environment,
  timeoutMs,
  logFile,
  shiftMs = 0,
}: FunctionOptions): Promise<StackFunction> {
  const log = createWriteStream(logFile, { flags: 'a' });
  const bundle = path.join(code, 'index.mjs');
  const child = fork(path.join(import.meta.dirname, 'function-process.ts'), [bundle, String(shiftMs)], {
    // As on AWS: nothing of the caller's own environment.
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const leave = (): void => void child.kill('SIGKILL');
  process.once('exit', leave);
  const pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  const ready = Promise.withResolvers<void>();
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (status, signal) => {
      process.off('exit', leave);
      const error = new Error(`the function's process ended with ${status ?? signal}; see ${logFile}`);
      ready.reject(error);
      for (const { reject } of pending.values()) reject(error);
      pending.clear();
      log.end();
      resolve();
    });
  });
  child.on('message', (told: Told) => {
    if ('ready' in told) return ready.resolve();
    const call = pending.get(told.id);
    pending.delete(told.id);
    if (told.fault === undefined) call?.resolve(told.result);
    else call?.reject(new Error(told.fault));
  });
  await ready.promise;
  let count = 0;
  return {
    shift: (ms) => void (child.connected && child.send({ shiftMs: ms })),
    kill: leave,
    ended: exited,
    invoke: async <Result>(event: unknown) => {
      count += 1;
      const id = count;
      if (!child.connected) throw new Error(`the function's process has ended; see ${logFile}`);
      const answered = new Promise<unknown>((resolve, reject) => pending.set(id, { resolve, reject }));
      child.send({ id, event, timeoutMs });
      const late = AbortSignal.timeout(timeoutMs);
      const stopped = new Promise<never>((_, reject) => {
        late.addEventListener(
          'abort',
          () => reject(new Error(`the function took longer than ${timeoutMs} ms; see ${logFile}`)),
          {
            once: true,
          },
        );
      });
      return (await Promise.race([answered, stopped])) as Result;
    },
    [Symbol.asyncDispose]: async () => {
      leave();
      await exited;
    },
  };
}
