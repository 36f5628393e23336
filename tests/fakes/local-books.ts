import { openSqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import type { ClaimRecord } from '../../src/domain/claim.ts';
import type { MirroredIssue } from '../../src/domain/coordination/task-record.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';

export interface LocalBooks extends Coordination {
  readonly clock: SimulatedClock;
  readonly newId: () => string;
  /** Workflow runs that GitHub says are over. */
  readonly ended: Set<number>;
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
}

/** The real store in memory, with a clock that stands still and a GitHub that knows which runs have ended. */
export async function localBooks(): Promise<LocalBooks> {
  const clock = simulatedClock();
  const store = openSqliteCoordination({ path: ':memory:', clock });
  const ended = new Set<number>();
  let ids = 0;
  return {
    ...store,
    clock,
    newId: () => `id-${++ids}`,
    ended,
    holderIsDead: async ({ holder }) => holder.workflowRun !== undefined && ended.has(holder.workflowRun.id),
  };
}

export function issueOf(number: number, more: Partial<MirroredIssue> = {}): MirroredIssue {
  const createdAt = Date.UTC(2026, 9, 1) + number * 60_000;
  return {
    repository: 'octo/slug',
    number,
    kind: 'issue',
    title: `Issue ${number}`,
    body: '',
    author: 'alice',
    forgeState: 'open',
    labels: ['agent'],
    assignees: [],
    comments: 0,
    createdAt,
    updatedAt: createdAt,
    ...more,
  };
}

export const issueKey = (number: number): string => `github/octo/slug/issues/${number}`;
