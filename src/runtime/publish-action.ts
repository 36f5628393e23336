import { resolve } from 'node:path';
import { formatUsd, totalTokens } from '../domain/budget.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import { isGreen } from '../domain/outcome.ts';
import { renderStepSummary } from '../domain/step-summary.ts';
import type { Task } from '../domain/task.ts';
import type { PublishReport } from '../flows/publish-run.ts';
import { required } from './action-inputs.ts';
import type { ActionIo } from './action-io.ts';
import { savedStates } from './close-state.ts';
import { readActionEnvironment, readActionInputs, takeSecretInput } from './config.ts';
import { connectToken } from './gate-action.ts';
import { readTask } from './hand-over.ts';
import { publishTask } from './publish-task.ts';
import { text, yesNo } from './value-reader.ts';

/** The action `publish`: checks what the agent handed over, delivers it, and says how the run ended. */
export async function publishAction(io: ActionIo, signal: AbortSignal): Promise<void> {
  const inputs = readActionInputs({
    task: required(text),
    'task-sha256': required(text),
    'open-run': text,
    result: text,
    'agent-job': text,
    'dry-run': yesNo,
  });
  const environment = readActionEnvironment();
  await io.saveState(savedStates.main, 'publish');
  // Known before the task is read: a task that cannot be read is closed as well.
  if (inputs['open-run'] !== undefined) await io.saveState(savedStates.openRun, inputs['open-run']);
  const token = takeSecretInput('github-token');
  const connection = connectToken(environment, token, signal);
  const at = (path: string): string => resolve(environment.github.workspace, path);
  const task = await readTask(at(inputs.task), inputs['task-sha256']);
  await io.saveState(savedStates.openRun, JSON.stringify(openRunOfTask(task)));
  if (inputs['agent-job'] !== undefined) console.log(`the agent job ended with: ${inputs['agent-job']}`);
  const report = await publishTask(
    {
      task,
      connection,
      resultDir: at(inputs.result ?? 'entropy-result'),
      dryRun: inputs['dry-run'] ?? false,
      secrets: token === undefined ? {} : { 'github-token': token },
      log: (line) => console.log(line),
    },
    signal,
  );
  await io.saveState(savedStates.settled, report.outcome);
  await reportPublished(io, task, report);
}

/** Outputs, step summary and the colour of the step; shared with the one-step form. */
export async function reportPublished(io: ActionIo, task: Task, report: PublishReport): Promise<void> {
  const { result, pullRequest, error } = report;
  await io.outputs({
    outcome: report.outcome,
    report: report.reason,
    'pull-request': pullRequest === undefined ? '' : String(pullRequest.number),
    branch: report.branch ?? '',
    'run-id': task.runId,
    'cost-usd': formatUsd(result?.spend.costMicroUsd ?? 0),
    tokens: String(result === undefined ? 0 : totalTokens(result.spend.usage)),
    claim: `${task.lease.key} fence ${task.lease.fence}`,
  });
  await io.summary(
    renderStepSummary({
      outcome: report.outcome,
      reason: report.reason,
      issue: { number: task.issue.number, title: task.issue.title, url: task.links.issue },
      runId: task.runId,
      fence: task.lease.fence,
      model: task.agent.model,
      budget: task.budget,
      ...(pullRequest === undefined ? {} : { pullRequest }),
      ...(result === undefined
        ? {}
        : { spend: result.spend, sandbox: result.sandbox.description, durations: result.durations }),
      ...(result?.testsBefore === undefined ? {} : { testsBefore: result.testsBefore }),
      ...(result?.testsAfter === undefined ? {} : { testsAfter: result.testsAfter }),
    }),
  );
  if (isGreen(report.outcome)) return;
  const fix = error === undefined ? '' : `\n  fix   ${error.fix}`;
  await io.fail(`${report.outcome}: ${report.reason}${fix}`);
}
