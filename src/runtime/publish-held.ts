import { noUsage } from '../domain/budget.ts';
import type { GitHubRunReport } from '../domain/local-run.ts';
import { exitCodeOf } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { PublishReport } from '../flows/publish-run.ts';
import { knownSecrets } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { publishTask } from './publish-task.ts';
import { reportedTokens } from './run-report.ts';
import type { tellPhases } from './told-phases.ts';

export interface PublishingHeld {
  readonly task: Task;
  readonly connection: GitHubConnection;
  readonly resultDir: string;
  readonly log: (line: string) => void;
  readonly phases: ReturnType<typeof tellPhases>;
}

/** What was approved on the command line, published from there: no workspace, no model, no sandbox. */
export async function publishHeld(
  { task, connection, resultDir, log, phases }: PublishingHeld,
  signal: AbortSignal,
): Promise<PublishReport> {
  phases.started('publish', '');
  const from = performance.now();
  const options = { task, connection, resultDir, dryRun: false, heartbeat: true, secrets: knownSecrets(), log };
  const published = await publishTask(options, signal);
  const { pullRequest, outcome, branch } = published;
  phases.finished({
    phase: 'publish',
    ok: exitCodeOf(outcome) === 0,
    subject: pullRequest === undefined ? outcome : `pull request #${pullRequest.number}`,
    detail: branch ?? '',
    durationMs: performance.now() - from,
  });
  return published;
}

/** Nothing was spent: that was the run's which made the change. */
export function reportOfHeld(task: Task, published: PublishReport, totalMs: number): GitHubRunReport {
  const { outcome, reason, branch, headSha, pullRequest, manifest } = published;
  return {
    schema: 1,
    outcome,
    reason,
    runId: task.runId,
    model: task.agent.model,
    branch: branch ?? null,
    baseSha: task.base.sha,
    headSha: headSha ?? null,
    filesChanged: (manifest?.files ?? []).map(({ path }) => path).sort(),
    patchPath: null,
    apiCalls: {},
    modelCalls: 0,
    turns: 0,
    tokens: reportedTokens(noUsage),
    costUsd: 0,
    sandboxRung: null,
    durations: { total: Math.round(totalMs) },
    trajectory: null,
    pullRequest: pullRequest ?? null,
    delivered: null,
    issueUrl: task.links.issue,
  };
}
