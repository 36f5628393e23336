import type { ClaimRecord } from '../../src/domain/claim.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import type { MirroredIssue, TaskView } from '../../src/domain/coordination/task-record.ts';
import { sampleIssue } from './coordination-samples.ts';
import { generatedClaim, generatedNow } from './generated-tasks.ts';
import { drawFrom } from './seeded-numbers.ts';

/** A task as lists know it, with what matters to a test. */
export function sampleView(more: Partial<TaskView> = {}, issue: Partial<MirroredIssue> = {}): TaskView {
  const mirrored = sampleIssue(1, { createdAt: generatedNow, updatedAt: generatedNow, ...issue });
  return {
    schema: 1,
    key: taskKeyOf(mirrored),
    issue: mirrored,
    state: 'open',
    priority: 2,
    progress: 0,
    checkpoints: { done: [], next: [] },
    fence: 0,
    attempts: 0,
    costMicroUsd: 0,
    version: 1,
    blockedBy: [],
    blocks: [],
    openBlockers: 0,
    ready: false,
    ...more,
  };
}

export function sampleHold(more: Partial<ClaimRecord> = {}): ClaimRecord {
  return { ...generatedClaim(drawFrom(1), 'github/octo/slug/issues/1'), ...more };
}
