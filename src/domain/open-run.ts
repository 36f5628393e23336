import { type ClaimRecord, type Lease, leaseOf } from './claim.ts';
import { defaultRole, isRoleName } from './roles/role.ts';
import { conversationOf, type Task } from './task.ts';

/** What has to be closed when a run ends in any way: its tracking comment and its claim. Plain JSON. */
export interface OpenRun {
  /** Number of the issue or pull request that its tracking comment is on. */
  readonly issue: number;
  readonly runId: string;
  readonly role: string;
  readonly lease: Lease;
  /** Undefined when only the claim is known: the comment is found by its marker then. */
  readonly trackingCommentId?: number;
}

export function openRunOfTask(task: Task): OpenRun {
  return {
    issue: conversationOf(task),
    runId: task.runId,
    role: task.agent.role,
    lease: task.lease,
    trackingCommentId: task.trackingCommentId,
  };
}

/** The run that a claim belongs to, as far as the record tells. */
export function openRunOfClaim(record: ClaimRecord, issue: number): OpenRun {
  const { owner, runId } = record.holder;
  const role = owner.split('/', 1)[0] ?? '';
  return { issue, runId, role: isRoleName(role) ? role : defaultRole, lease: leaseOf(record) };
}
