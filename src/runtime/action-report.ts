import { formatUsd, totalTokens } from '../domain/budget.ts';
import { leaseText } from '../domain/claim.ts';
import { isGreen } from '../domain/outcome.ts';
import { roomOf } from '../domain/outcome-text.ts';
import type { RunResult } from '../domain/run-result.ts';
import { renderStepSummary, type StepSummary } from '../domain/step-summary.ts';
import type { Task } from '../domain/task.ts';
import type { PublishReport } from '../flows/publish-run.ts';
import type { ActionIo } from './action-io.ts';

/** Outputs, step summary and the colour of the step in which the agent worked. */
export async function reportSolved(io: ActionIo, task: Task, solved: { result: RunResult; trajectory: string }) {
  const { result, trajectory } = solved;
  const { outcome, reason } = result;
  await io.outputs({ ...spent(result), outcome, report: reason, trajectory });
  await io.summary(renderStepSummary({ ...runFacts(task, result), outcome, reason, model: result.model }));
  if (!isGreen(outcome)) await io.fail(`${outcome}: ${reason}`);
}

/** The same of the step that published, in `publish` and in the one-step form. */
export async function reportPublished(io: ActionIo, task: Task, report: PublishReport): Promise<void> {
  const { result, pullRequest, delivered, error, outcome, reason } = report;
  await io.outputs({
    ...spent(result),
    outcome,
    report: reason,
    'pull-request': pullRequest === undefined ? '' : String(pullRequest.number),
    branch: report.branch ?? '',
    delivered: pullRequest?.url ?? delivered?.url ?? '',
    'run-id': task.runId,
    claim: leaseText(task.lease),
  });
  const facts = { ...runFacts(task, result), ...(pullRequest && { pullRequest }), ...(delivered && { delivered }) };
  await io.summary(renderStepSummary({ ...facts, outcome, reason, model: task.agent.model }));
  if (isGreen(outcome)) return;
  const fix = error === undefined ? '' : `\n  fix   ${error.fix}`;
  await io.fail(`${outcome}: ${reason}${fix}`);
}

function spent(result: RunResult | undefined): Readonly<Record<'cost-usd' | 'tokens', string>> {
  return {
    'cost-usd': formatUsd(result?.spend.costMicroUsd ?? 0),
    tokens: String(result === undefined ? 0 : totalTokens(result.spend.usage)),
  };
}

/** What a summary says of a run however it ended; a run that left no result has spent and tested nothing known. */
function runFacts(task: Task, result: RunResult | undefined): Omit<StepSummary, 'outcome' | 'reason' | 'model'> {
  const { pull, issue } = task;
  const facts = {
    issue:
      pull === undefined
        ? { number: issue.number, title: issue.title, url: task.links.issue }
        : { number: pull.number, title: pull.title, url: pull.url, isPullRequest: true },
    runId: task.runId,
    fence: task.lease.fence,
    budget: task.budget,
  };
  if (result === undefined) return facts;
  const { spend, durations, testsBefore, testsAfter, proof } = result;
  return {
    ...facts,
    spend,
    ...roomOf(result),
    durations,
    ...(testsBefore === undefined ? {} : { testsBefore }),
    ...(testsAfter === undefined ? {} : { testsAfter }),
    ...(proof === undefined ? {} : { proof }),
  };
}
