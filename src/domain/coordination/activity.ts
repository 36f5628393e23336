import type { ClaimHolder, ClaimKey, ClaimRecord } from '../claim.ts';
import type { Amounts } from './amounts.ts';
import type { BudgetCaps, BudgetKey, BudgetRecord, BudgetScope, HeldReservation } from './budget-record.ts';
import type { Dependency } from './dependency.ts';
import type { AgentMessage } from './message.ts';
import type { RunRecord } from './run-record.ts';
import type { MirroredIssue, TaskRecord, TaskState } from './task-record.ts';

/** What a task may have changed besides its state. */
export type TaskFacts = Partial<
  Pick<
    TaskRecord,
    | 'reason'
    | 'priority'
    | 'stage'
    | 'progress'
    | 'checkpoints'
    | 'runId'
    | 'agent'
    | 'fence'
    | 'attempts'
    | 'lastFailure'
    | 'branch'
    | 'pullRequest'
    | 'costMicroUsd'
  >
>;

export type RunFacts = Partial<
  Pick<
    RunRecord,
    | 'reason'
    | 'workflowRun'
    | 'dispatched'
    | 'heartbeatAt'
    | 'progressAt'
    | 'progress'
    | 'spent'
    | 'branch'
    | 'pullRequest'
    | 'endedAt'
  >
>;

/**
 * Everything that can happen, one type per transition. The stored state is the sum of these: a store writes the event and
 * the record that `applyActivity` makes of it in one transaction, so replaying the stream gives the stored state.
 */
export type ActivityChange =
  | { readonly type: 'claim.acquired'; readonly claim: ClaimRecord }
  | {
      readonly type: 'claim.stolen';
      readonly claim: ClaimRecord;
      readonly from: { readonly runId: string; readonly fence: number };
    }
  | {
      readonly type: 'claim.taken-over';
      readonly claim: ClaimRecord;
      readonly from?: { readonly runId: string; readonly fence: number };
    }
  | {
      readonly type: 'claim.renewed';
      readonly key: ClaimKey;
      readonly fence: number;
      readonly expiresAt: number;
      readonly ttlMs: number;
      readonly progressAt: number;
    }
  | { readonly type: 'claim.released'; readonly key: ClaimKey; readonly fence: number; readonly holder: ClaimHolder }
  | { readonly type: 'claim.effect'; readonly key: ClaimKey; readonly fence: number; readonly effect: string }
  | {
      readonly type: 'budget.reserved';
      readonly claim: ClaimKey;
      readonly reservation: HeldReservation;
      readonly opened: readonly { readonly key: BudgetKey; readonly caps: BudgetCaps }[];
    }
  | {
      readonly type: 'budget.settled';
      readonly claim: ClaimKey;
      readonly reservation: HeldReservation;
      readonly spent: Amounts;
    }
  | {
      readonly type: 'budget.limited';
      readonly scope: BudgetScope;
      readonly caps: BudgetCaps;
      readonly keys: readonly BudgetKey[];
    }
  | { readonly type: 'task.mirrored'; readonly key: ClaimKey; readonly issue: MirroredIssue; readonly priority: number }
  | {
      readonly type: 'task.moved';
      readonly key: ClaimKey;
      readonly from: TaskState;
      readonly to: TaskState;
      readonly facts: TaskFacts;
    }
  | { readonly type: 'task.changed'; readonly key: ClaimKey; readonly facts: TaskFacts }
  | { readonly type: 'dependency.added'; readonly dependency: Dependency }
  | { readonly type: 'dependency.removed'; readonly dependency: Dependency }
  | { readonly type: 'run.opened'; readonly run: RunRecord }
  | {
      readonly type: 'run.moved';
      readonly id: string;
      readonly from: RunRecord['state'];
      readonly to: RunRecord['state'];
      readonly facts: RunFacts;
    }
  | { readonly type: 'run.changed'; readonly id: string; readonly facts: RunFacts }
  | { readonly type: 'run.stop-requested'; readonly id: string; readonly by: string; readonly reason: string }
  | { readonly type: 'message.sent'; readonly message: AgentMessage }
  /** A backup took the state's place: up to this fence everything may have been granted after the backup was made. */
  | { readonly type: 'state.restored'; readonly floor: number }
  /** A store holds this, and its telling of how that came about was lost. From here on the stream goes on. */
  | { readonly type: 'state.found'; readonly found: FoundRecord };

/** A record in whole: what was told of it before counts no more. */
export type FoundRecord =
  | { readonly kind: 'claim'; readonly claim: ClaimRecord }
  | { readonly kind: 'budget'; readonly budget: BudgetRecord }
  | { readonly kind: 'task'; readonly task: TaskRecord }
  | { readonly kind: 'run'; readonly run: RunRecord };

/** One event as it lies in the stream. */
export interface ActivityEvent {
  /** Position in the store's stream: 1, 2, 3 … without holes. */
  readonly seq: number;
  /** By the store's clock, milliseconds since 1970. */
  readonly at: number;
  /** Who did it: an agent's id, `github/<login>`, `key/<name>`, `sweeper`, `system`. */
  readonly actor: string;
  /** The task that it is about, when it is about one. */
  readonly task?: ClaimKey;
  /** The run that it is about, when it is about one. */
  readonly run?: string;
  readonly change: ActivityChange;
}
