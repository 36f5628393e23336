import { mkdir } from 'node:fs/promises';
import { describeEgress, emptyEgress } from '../domain/egress/egress-report.ts';
import { EntropyError } from '../domain/error.ts';
import { describeNetwork, noNetwork } from '../domain/sandbox-network.ts';
import type { Task } from '../domain/task.ts';
import { setUpWorkspace } from '../flows/set-up-workspace.ts';
import { shownOutput } from './job-log.ts';
import { providersOf, requiredRung, sandboxOptions, type TaskRoom } from './sandboxes.ts';

export interface SetUpOptions extends TaskRoom {
  readonly task: Task;
  /** The command's output as it comes, in lines that no runner obeys and that tell no secret: strangers' programs write it. */
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
  const network = task.network?.setup ?? noNetwork;
  log(bytes.encode(`set-up, ${describeNetwork(network)}\n`));
  const shown = shownOutput(log);
  try {
    const done = await setUpWorkspace(
      {
        providers: providersOf(options),
        options: { ...sandboxOptions(options), network },
        ...requiredRung(task),
        command: task.setupCommand,
        timeoutMs: longestMinutes * 60_000,
        log: shown.push,
      },
      signal,
    );
    for (const line of describeEgress(done.egress ?? emptyEgress)) log(bytes.encode(`set-up ${line}\n`));
    return done.durationMs;
  } catch (error) {
    // Nothing that it would prepare can be run here; the agent reads and edits, and its result says so.
    const runsNothing = error instanceof EntropyError && error.code === 'E406';
    if (!runsNothing) throw error;
    log(bytes.encode(`set-up was not run: ${error.message}\n`));
    return 0;
  } finally {
    shown.end();
  }
}
