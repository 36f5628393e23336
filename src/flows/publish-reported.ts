import { EntropyError } from '../domain/error.ts';
import { endOf } from '../domain/outcome-text.ts';
import type { RoleReport } from '../domain/reports/role-report.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import { endUnheard } from './end-unheard.ts';
import { secureLease } from './fence-guard.ts';
import { endFailed, endWithout } from './publish-end.ts';
import { publishPlan } from './publish-plan.ts';
import { publishReview } from './publish-review.ts';
import type { Publisher, PublishReport, PublishRequest, PublishRun } from './publish-run.ts';
import { publishTriage } from './publish-triage.ts';
import { publishVerification } from './publish-verification.ts';
import { readHandOver } from './ready-change.ts';

/**
 * From the report of an agent that changes nothing to what people see of it, read back. As `publishPatch` it trusts nothing of
 * the hand-over, checks the fence before every write, and goes on from what is there when it is run again.
 */
export async function publishReported(
  publisher: Publisher,
  { task, result: handedOver, unheard = {}, trajectoryDigest }: PublishRequest,
  signal: AbortSignal,
): Promise<PublishReport> {
  const digest = trajectoryDigest === undefined ? {} : { trajectoryDigest };
  const run: PublishRun = { ...publisher, task, signal, ...digest };
  let result: RunResult | undefined;
  try {
    if (handedOver === undefined) return await endUnheard(run, unheard);
    result = await readHandOver(task, handedOver);
    await secureLease(run);
    const report = reportOf(task, result);
    return report === undefined ? await endUnfinished(run, result) : await deliver(run, result, report);
  } catch (error) {
    if (signal.aborted || !(error instanceof EntropyError)) throw error;
    return endFailed(run, result, error);
  }
}

function deliver(run: PublishRun, result: RunResult, report: RoleReport): Promise<PublishReport> {
  switch (report.kind) {
    case 'triage':
      return publishTriage(run, result, report);
    case 'plan':
      return publishPlan(run, result, report);
    case 'review':
      return publishReview(run, result, report);
    case 'verification':
      return publishVerification(run, result, report);
    default:
      return report satisfies never;
  }
}

async function endUnfinished(run: PublishRun, result: RunResult): Promise<PublishReport> {
  const { outcome } = result;
  if (outcome === 'succeeded') throw badHandOver('the agent says that its work is ready and hands over no report');
  return endWithout(run, result, endOf(result, outcome));
}

/**
 * What it hands over, when it came to an end; an issue reader that has questions has come to one. Of another kind than the task
 * asks for, or with files besides, it is E603: who asked for a review has not asked for a pull request.
 */
function reportOf(task: Task, { outcome, report, submission, patch }: RunResult): RoleReport | undefined {
  const isEnd = outcome === 'succeeded' || (outcome === 'needs_info' && report?.kind === 'triage');
  if (!isEnd || report === undefined) return undefined;
  if (report.kind !== task.work)
    throw badHandOver(`the agent hands over a ${report.kind}, and was asked for a ${task.work}`);
  if (submission !== undefined || patch !== undefined)
    throw badHandOver(`the agent hands over a change beside its ${report.kind}`);
  return report;
}

function badHandOver(message: string): EntropyError {
  const fix = 'start the run again; if it happens twice, report it with the run’s trajectory';
  return new EntropyError({ code: 'E603', message, fix });
}
