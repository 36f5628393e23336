import { mkdir } from 'node:fs/promises';
import { inertLog } from '../domain/inert-log.ts';
import type { Task } from '../domain/task.ts';
import { setUpWorkspace } from '../flows/set-up-workspace.ts';
import { requiredRung, sandboxLadder, sandboxOptions, type TaskRoom } from './sandboxes.ts';

export interface SetUpOptions extends TaskRoom {
  readonly task: Task;
  /** The command's output as it comes, in lines that no runner obeys: strangers' programs write it. */
  readonly log: (chunk: Uint8Array) => void;
}

/** A set-up may take as long as the run itself; a job has time for both (`leaseMarginMinutes`). */
const longestMinutes = 20;

/** Runs the task's set-up command, if it has one, and returns how long it took in milliseconds. */
export async function setUp(options: SetUpOptions, signal: AbortSignal): Promise<number> {
  const { task, log, home } = options;
  if (task.setupCommand === undefined) return 0;
  await mkdir(home, { recursive: true, mode: 0o700 });
  const bytes = new TextEncoder();
  const shown = inertLog((text) => log(bytes.encode(text)));
  try {
    const done = await setUpWorkspace(
      {
        providers: sandboxLadder(),
        options: sandboxOptions(options),
        ...requiredRung(task),
        command: task.setupCommand,
        timeoutMs: longestMinutes * 60_000,
        log: shown.push,
      },
      signal,
    );
    return done.durationMs;
  } finally {
    shown.end();
  }
}
