import { type ClaimRecord, type Lease, leaseOf } from './claim.ts';
import type { Task } from './task.ts';

/** What has to be closed when a run ends in any way: its tracking comment and its claim. Plain JSON. */
export interface OpenRun {
  readonly issue: number;
  readonly runId: string;
  readonly role: string;
  readonly lease: Lease;
  /** Undefined when only the claim is known: the comment is found by its marker then. */
  readonly trackingCommentId?: number;
}

export function openRunOfTask(task: Task): OpenRun {
  return {
    issue: task.issue.number,
    runId: task.runId,
    role: task.agent.role,
    lease: task.lease,
    trackingCommentId: task.trackingCommentId,
  };
}

/** The run that a claim belongs to, as far as the record tells. */
export function openRunOfClaim(record: ClaimRecord, issue: number): OpenRun {
  return { issue, runId: record.holder.runId, role: 'coder', lease: leaseOf(record) };
}
