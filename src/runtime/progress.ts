import { join } from 'node:path';
import { describeError } from '../domain/error.ts';
import type { Task } from '../domain/task.ts';
import { renderTrackingComment } from '../domain/tracking-comment.ts';
import { nextProgress, startProgress, type TrackingProgress } from '../domain/tracking-progress.ts';
import type { GitHubConnection } from './github.ts';
import { handOverFiles } from './hand-over.ts';
import { watchTrajectory } from './watched-trajectory.ts';

export interface ProgressOptions {
  readonly task: Task;
  readonly connection: Pick<GitHubConnection, 'forge' | 'clock'>;
  readonly resultDir: string;
  readonly log: (line: string) => void;
}

export interface Progress extends AsyncDisposable {
  /** Ends the editing; after this the comment is the publisher's alone. */
  stop(): Promise<void>;
}

/** Often enough to watch, far below GitHub's limit of 80 writes a minute. */
const everyMs = 10_000;

/** Edits the tracking comment in place while the agent works, from the trajectory as it is written. */
export function showProgress({ task, connection, resultDir, log }: ProgressOptions): Progress {
  const { clock, forge } = connection;
  const ended = new AbortController();
  let progress = startProgress(clock.now());
  const steps = watchTrajectory({
    path: join(resultDir, handOverFiles.trajectory),
    clock,
    onEvent: (event) => {
      progress = nextProgress(progress, event);
    },
  });
  const editing = (async () => {
    let shown = '';
    while (!ended.signal.aborted) {
      // The end of the run cuts the wait short; the loop then sees it.
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
      const body = bodyOf(task, progress, clock.now());
      if (ended.signal.aborted || body === shown) continue;
      try {
        await forge.updateComment(task.trackingCommentId, body);
        shown = body;
      } catch (error) {
        // A comment that cannot be edited now must not end a run; the end of it will be told, or fail, on its own.
        log(`the tracking comment could not be edited: ${describeError(error)}`);
      }
    }
  })();
  const stop = async (): Promise<void> => {
    ended.abort();
    await Promise.all([steps.end(), editing]);
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

function bodyOf(task: Task, { step, now, counts, spend, sandbox }: TrackingProgress, at: number): string {
  const current =
    now === undefined
      ? {}
      : { now: { subject: now.subject, count: counts[now.subject] ?? 1, elapsedMs: Math.max(0, at - now.since) } };
  return renderTrackingComment({
    role: task.agent.role,
    issue: task.issue.number,
    fence: task.lease.fence,
    runId: task.runId,
    state: { kind: 'working', step, leaseExpiresAt: task.lease.expiresAt, ...current },
    spend,
    budget: task.budget,
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(task.links.workflowRun === undefined ? {} : { log: task.links.workflowRun }),
  });
}
