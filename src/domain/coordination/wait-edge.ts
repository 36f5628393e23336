import type { ClaimKey } from '../claim.ts';
import type { Dependency } from './dependency.ts';
import type { TaskRecord } from './task-record.ts';

/** `waiter` cannot be started before `blocker` is closed. */
export interface WaitEdge {
  readonly waiter: ClaimKey;
  readonly blocker: ClaimKey;
}

/** What has to wait for what because of an edge; the other kinds only tell. */
export function waitEdgeOf({ kind, from, to }: Dependency): WaitEdge | undefined {
  switch (kind) {
    case 'blocks':
      return { waiter: to, blocker: from };
    case 'parent':
      // A parent waits for its children.
      return { waiter: from, blocker: to };
    case 'duplicates':
    case 'discovered_from':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Whether a task no longer keeps others waiting. One that nobody has mirrored yet counts as open: we do not know better. */
export function isClosed(task: Pick<TaskRecord, 'state' | 'issue'> | undefined): boolean {
  return task?.issue.forgeState === 'closed' || task?.state === 'done';
}

/** As far as the task itself tells; it is ready when in addition nobody holds its claim. */
export function isStartable(task: Pick<TaskRecord, 'state' | 'issue'>, openBlockers: number): boolean {
  const waiting = task.state === 'open' || task.state === 'ready';
  return waiting && task.issue.forgeState === 'open' && openBlockers === 0;
}
