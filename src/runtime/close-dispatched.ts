import { type OpenRun, openRunOfTask } from '../domain/open-run.ts';
import type { Task } from '../domain/task.ts';
import type { TrackingEnd } from '../domain/tracking-comment.ts';
import { closeRun } from '../flows/close-run.ts';
import { coordinatorInput } from './action-connection.ts';
import type { ActionEnvironment } from './action-environment.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { type DispatchedRun, endToken, openDispatchedRun } from './dispatched-run.ts';
import { logLine } from './job-log.ts';

export interface ClosingDispatched {
  readonly io: ActionIo;
  readonly environment: ActionEnvironment;
  readonly runId: string;
  readonly end: TrackingEnd;
}

/** `post` of a job of a dispatched run: what main could not settle is closed, and the job's token ends. */
export async function closeDispatched(closing: ClosingDispatched, signal: AbortSignal): Promise<void> {
  const { io, environment } = closing;
  const had = environment.savedState(savedStates.runToken);
  try {
    if (environment.savedState(savedStates.settled) === undefined) await close(closing, signal);
  } finally {
    if (had !== undefined) await endToken(io, environment, had);
  }
}

async function close({ io, environment, runId, end }: ClosingDispatched, signal: AbortSignal): Promise<void> {
  const url = coordinatorInput();
  if (url === undefined) return;
  const dispatched = openDispatchedRun({ io, environment, runId, url }, signal);
  const run = await openRunOf(dispatched, environment, runId);
  if (run === undefined) return;
  // What main had may be too small for a comment, or gone.
  const token = await dispatched.token('publish');
  try {
    const closed = await closeRun(dispatched.connect(token), run, end);
    logLine(`run ${run.runId}: tracking comment ${closed.comment}, claim ${closed.claim}`);
  } finally {
    await endToken(io, environment, token.token);
  }
}

/** Main may have ended before it knew its own run: the coordinator tells whoever begins it, twice when asked twice. */
async function openRunOf(
  { client }: DispatchedRun,
  environment: ActionEnvironment,
  runId: string,
): Promise<OpenRun | undefined> {
  const saved = environment.savedState(savedStates.openRun);
  if (saved !== undefined) return JSON.parse(saved) as OpenRun;
  const picked = await client.dispatch.pickUp(runId);
  return picked.kind === 'answer' ? openRunOfTask(JSON.parse(picked.value.task) as Task) : undefined;
}
