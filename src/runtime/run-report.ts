import { type TokenUsage, totalTokens } from '../domain/budget.ts';
import type { ReportedTokens, RunReport } from '../domain/run-report.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';

export interface ReportFacts {
  readonly task: Task;
  readonly result: RunResult;
  readonly durations: Readonly<Record<string, number>>;
  /** Absolute path. */
  readonly trajectory: string;
}

/** The part of a report that every run on this machine has; what was delivered is laid over it. */
export function reportOf({ task, result, durations, trajectory }: ReportFacts): RunReport {
  return {
    schema: 1,
    outcome: result.outcome,
    reason: result.reason,
    runId: task.runId,
    model: result.model,
    branch: null,
    baseSha: task.base.sha,
    headSha: null,
    filesChanged: (result.patch?.files ?? []).map(({ path }) => path).sort(),
    patchPath: null,
    apiCalls: {},
    modelCalls: result.modelCalls,
    turns: result.spend.turns,
    tokens: reportedTokens(result.spend.usage),
    costUsd: result.spend.costMicroUsd / 1_000_000,
    sandboxRung: result.sandbox.rung,
    durations,
    trajectory,
  };
}

export function reportedTokens(usage: TokenUsage): ReportedTokens {
  return {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: usage.cacheReadTokens,
    cacheWrite: usage.cacheWriteTokens,
    total: totalTokens(usage),
  };
}
