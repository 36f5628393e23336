import { expect, it } from 'vitest';
import type { RunRecord } from '../../../src/domain/coordination/run-record.ts';
import { taskAfterRun } from '../../../src/domain/coordination/task-after-run.ts';
import type { TaskRecord } from '../../../src/domain/coordination/task-record.ts';
import { endOf } from '../../../src/flows/end-run.ts';

const task = { attempts: 1, costMicroUsd: 0 } as TaskRecord;
const run = { state: 'succeeded', spent: { microUsd: 5 } } as RunRecord;

it('of a run that only read leaves nothing to review, whoever tells it', () => {
  const end = endOf(run);
  expect(end && taskAfterRun(task, end)).toMatchObject({ to: 'ready' });
});

it('of a run that opened a pull request leaves that to be reviewed', () => {
  const end = endOf({ ...run, branch: 'agent/1/f1-x', pullRequest: 9 });
  expect(end && taskAfterRun(task, end)).toMatchObject({ to: 'in_review' });
});
