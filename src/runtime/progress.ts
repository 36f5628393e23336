import { join } from 'node:path';
import { amountsOf } from '../domain/coordination/run-amounts.ts';
import { describeError } from '../domain/error.ts';
import { hiddenIn } from '../domain/sanitise/readable-issue.ts';
import type { Task } from '../domain/task.ts';
import { renderTrackingComment } from '../domain/tracking-comment.ts';
import { nextProgress, startProgress, type TrackingProgress } from '../domain/tracking-progress.ts';
import type { WorkReport } from '../flows/heartbeat.ts';
import type { GitHubConnection } from './github.ts';
import { handOverFiles } from './hand-over.ts';
import { processGuard } from './process-guard.ts';
import { watchTrajectory } from './watched-trajectory.ts';

export interface ProgressOptions {
  readonly task: Task;
  readonly connection: Pick<GitHubConnection, 'forge' | 'clock'>;
  readonly resultDir: string;
  readonly log: (line: string) => void;
  /** The lease is kept up by a heartbeat, so its end says nothing. */
  readonly heartbeat?: boolean;
}

export interface Progress extends AsyncDisposable {
  /** Ends the editing; after this the comment is the publisher's alone. */
  stop(): Promise<void>;
  /** How far it is, for whoever keeps the books. */
  report(): WorkReport;
}

/** Often enough to watch, far below GitHub's limit of 80 writes a minute. */
const everyMs = 10_000;

/** Edits the tracking comment in place while the agent works, from the trajectory as it is written. */
export function showProgress({ task, connection, resultDir, log, heartbeat = false }: ProgressOptions): Progress {
  const { clock, forge } = connection;
  const ended = new AbortController();
  let progress = startProgress(clock.now());
  let seen = 0;
  const steps = watchTrajectory({
    path: join(resultDir, handOverFiles.trajectory),
    clock,
    onEvent: (event) => {
      progress = nextProgress(progress, event);
      seen += 1;
    },
  });
  const editing = (async () => {
    let shown = '';
    while (!ended.signal.aborted) {
      // The end of the run cuts the wait short; the loop then sees it.
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
      const body = bodyOf({ task, progress, heartbeat }, clock.now());
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
  const report = (): WorkReport => ({
    progress: { stage: stageNames[progress.step], share: shares[progress.step] },
    spent: amountsOf(progress.spend, 0),
    steps: seen,
  });
  return { stop, report, [Symbol.asyncDispose]: stop };
}

const stageNames = { claimed: 'claimed', read: 'reading', change: 'changing', publish: 'publishing' } as const;
/** Nobody knows how much is left; a step done is a quarter. */
const shares = { claimed: 0, read: 0.25, change: 0.5, publish: 0.75 } as const;

interface Shown {
  readonly task: Task;
  readonly progress: TrackingProgress;
  readonly heartbeat: boolean;
}

function bodyOf({ task, progress, heartbeat }: Shown, at: number): string {
  const { step, now, counts, spend, sandbox } = progress;
  const lease = heartbeat ? {} : { leaseExpiresAt: task.lease.expiresAt };
  const current =
    now === undefined
      ? {}
      : {
          now: {
            subject: processGuard().redact(now.subject),
            count: counts[now.subject] ?? 1,
            elapsedMs: Math.max(0, at - now.since),
          },
        };
  return renderTrackingComment({
    role: task.agent.role,
    issue: task.issue.number,
    fence: task.lease.fence,
    runId: task.runId,
    state: { kind: 'working', step, ...lease, ...current },
    spend,
    budget: task.budget,
    hidden: hiddenIn(task.issue),
    ...(task.brief?.omitted && { omitted: task.brief.omitted }),
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(task.links.workflowRun === undefined ? {} : { log: task.links.workflowRun }),
  });
}
