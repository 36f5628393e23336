import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../../ports/clock.ts';
import { createLineSplitter } from './line-splitter.ts';

export interface ProcessRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly clock: Clock;
  /** Asks the process to end: SIGINT, then SIGTERM, then its whole group is killed. */
  readonly signal: AbortSignal;
  /** Kills its group at once. */
  readonly killSignal: AbortSignal;
  /** The process leads a group and a session with its own id, by which what it leaves behind is found. */
  readonly onStart: (pid: number) => void;
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** `signal` as the system names it; a shell would report 128 + its number as exit code. */
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-started'; readonly reason: string };

/** What GitHub's runner waits after each signal (docs: "Workflow cancellation reference"). */
const interruptGraceMs = 7_500;
const terminateGraceMs = 2_500;
/** What it waits for the output of a process that has ended but whose children still hold the pipe. */
const outputGraceMs = 5_000;

export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  if (request.killSignal.aborted || request.signal.aborted) return { kind: 'stopped' };
  const child = start(request);
  if (child instanceof Error) return { kind: 'not-started', reason: child.message };
  if (child.pid !== undefined) request.onStart(child.pid);
  const lines = readLines(child, request.onLine);
  const ended = waitForEnd(child);
  const stopping = stopWhenAsked(child, request, ended);
  const end = await ended;
  const wasStopped = await stopping;
  if (wasStopped) killGroup(child);
  if (end.kind !== 'not-started') await lines.finish(request.clock);
  return wasStopped ? { kind: 'stopped' } : end;
}

/** Most faults come as an event; a NUL in an argument or too long an environment is thrown. */
function start(request: ProcessRequest): ChildProcess | Error {
  try {
    const { cwd, env } = request;
    return spawn(request.file, request.args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function waitForEnd(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', reason: error.message }));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', exitCode: code ?? 1 } : { kind: 'killed', signal }),
    );
  });
}

/** Settles with whether the process was asked to stop, once it has ended. */
async function stopWhenAsked(child: ChildProcess, request: ProcessRequest, ended: Promise<unknown>): Promise<boolean> {
  const asked = new AbortController();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const interrupt = (): void => {
    void escalate(child, request.clock, asked.signal).then(() => resolve(true));
  };
  const kill = (): void => {
    killGroup(child);
    resolve(true);
  };
  request.signal.addEventListener('abort', interrupt, { once: true });
  request.killSignal.addEventListener('abort', kill, { once: true });
  void ended.then(() => {
    const wasAsked = request.signal.aborted || request.killSignal.aborted;
    asked.abort();
    resolve(wasAsked);
  });
  try {
    return await promise;
  } finally {
    request.signal.removeEventListener('abort', interrupt);
    request.killSignal.removeEventListener('abort', kill);
  }
}

async function escalate(child: ChildProcess, clock: Clock, ended: AbortSignal): Promise<void> {
  child.kill('SIGINT');
  if (await endsWithin(interruptGraceMs, clock, ended)) return;
  child.kill('SIGTERM');
  if (await endsWithin(terminateGraceMs, clock, ended)) return;
  killGroup(child);
}

async function endsWithin(ms: number, clock: Clock, ended: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, ended);
    return false;
  } catch (reason) {
    if (ended.aborted) return true;
    throw reason;
  }
}

/** Kills the process and what it started in its own group, which may outlive it. Nothing to do when all are gone. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

export function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}

function readLines(child: ChildProcess, onLine: (line: string) => void): { finish(clock: Clock): Promise<void> } {
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = createLineSplitter(onLine);
    stream?.on('data', (bytes: Uint8Array) => splitter.write(bytes));
    return splitter;
  });
  const closed = new AbortController();
  child.once('close', () => closed.abort());
  return {
    finish: async (clock) => {
      if (!closed.signal.aborted) await endsWithin(outputGraceMs, clock, closed.signal);
      child.stdout?.destroy();
      child.stderr?.destroy();
      for (const splitter of splitters) splitter.end();
    },
  };
}
