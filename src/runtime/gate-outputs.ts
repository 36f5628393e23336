import { leaseText } from '../domain/claim.ts';
import { openRunOfTask } from '../domain/open-run.ts';
import { fullName } from '../domain/repository.ts';
import { mergeIn, startingSha, type Task } from '../domain/task.ts';
import { leaseMarginMinutes } from '../flows/claim-issue.ts';

/** What the jobs after the gate go by, however the run was admitted. */
export function admittedOutputs(
  task: Task,
  written: { readonly path: string; readonly sha256: string },
): Record<string, string> {
  return {
    admitted: 'true',
    outcome: '',
    report: '',
    'run-id': task.runId,
    claim: leaseText(task.lease),
    'checkout-sha': startingSha(task),
    'checkout-depth': mergeIn(task) === undefined ? '1' : '0',
    // What a pull request is measured against, for whoever looks at one.
    'base-sha': task.pull?.baseSha ?? '',
    'publish-only': String(task.approved !== undefined),
    'has-setup': String(task.setupCommand !== undefined),
    // The job may live as long as its lease: the run's own minutes, and set-up.
    'job-minutes': String(task.budget.maxMinutes + leaseMarginMinutes - 5),
    'task-sha256': written.sha256,
    'open-run': JSON.stringify(openRunOfTask(task)),
    task: written.path,
    repository: fullName(task.repository),
    'code-token': '',
  };
}
