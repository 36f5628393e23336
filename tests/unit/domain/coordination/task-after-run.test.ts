import { expect, it } from 'vitest';
import { taskAfterRun } from '../../../../src/domain/coordination/task-after-run.ts';
import type { TaskRecord } from '../../../../src/domain/coordination/task-record.ts';

const task = { attempts: 1, costMicroUsd: 0 } as TaskRecord;

it('leaves a task that was only read to whoever works on it next, and what was made to whoever reviews it', () => {
  const end = { outcome: 'succeeded', reason: 'Read.' } as const;
  expect(taskAfterRun(task, { ...end, isReadOnly: true })).toMatchObject({ to: 'ready', facts: { attempts: 0 } });
  expect(taskAfterRun(task, end)).toMatchObject({ to: 'in_review' });
  expect(taskAfterRun(task, { ...end, outcome: 'needs_info', isReadOnly: true })).toMatchObject({ to: 'needs_info' });
});
