import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Clock } from '../ports/clock.ts';

/** A command with what it starts: a process group of its own, so that all of it ends when it must. */
export interface GroupCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export type GroupEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'not-started'; readonly reason: string };

/** What a stopped command has to save its work. */
const graceMs = 10_000;
const lookAgainMs = 50;
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What shells add to the number of the signal that ended a command. */
const signalBase = 128;

/**
 * Runs a command on our own terminal, and passes on what interrupts us. With `stop`, and when only what it started is left,
 * its group is asked to end (SIGTERM), and killed ten seconds later: nothing of it goes on when this returns.
 */
export async function runCommandGroup(command: GroupCommand, clock: Clock, stop: AbortSignal): Promise<GroupEnd> {
  const { file, args, cwd, env } = command;
  let child: ChildProcess;
  try {
    child = spawn(file, args, { cwd, env, stdio: 'inherit', detached: true });
  } catch (error) {
    // A NUL in an argument, or an environment that is too long; all other faults come as an event.
    return { kind: 'not-started', reason: error instanceof Error ? error.message : String(error) };
  }
  const { promise: ended, resolve } = Promise.withResolvers<GroupEnd>();
  child.once('error', ({ message }) => resolve({ kind: 'not-started', reason: message }));
  child.once('exit', (code, signal) => resolve({ kind: 'ended', code: code ?? codeOf(signal) }));
  const { pid } = child;
  if (pid === undefined) return ended;

  const asked = Promise.withResolvers<void>();
  const onStop = (): void => asked.resolve();
  const passing = passedOn.map((name) => ({ name, pass: () => void signalGroup(pid, name) }));
  const atExit = (): void => void signalGroup(pid, 'SIGKILL');
  for (const { name, pass } of passing) process.on(name, pass);
  process.once('exit', atExit);
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  try {
    await Promise.race([ended, asked.promise]);
    await endGroup(pid, clock);
    return await ended;
  } finally {
    stop.removeEventListener('abort', onStop);
    process.removeListener('exit', atExit);
    for (const { name, pass } of passing) process.removeListener(name, pass);
  }
}

async function endGroup(pid: number, clock: Clock): Promise<void> {
  const until = clock.monotonic() + graceMs;
  let lives = signalGroup(pid, 'SIGTERM');
  while (lives && clock.monotonic() < until) {
    await clock.sleep(lookAgainMs);
    lives = signalGroup(pid, 0);
  }
  if (lives) signalGroup(pid, 'SIGKILL');
}

/** Whether there is anybody left. What runs as another user (sudo) is there, and hears nothing from us. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return false;
    if (code === 'EPERM') return true;
    throw error;
  }
}

function codeOf(signal: NodeJS.Signals | null): number {
  return signalBase + (signal === null ? 0 : constants.signals[signal]);
}
