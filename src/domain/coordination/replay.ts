import type { ClaimKey } from '../claim.ts';
import type { ActivityChange, ActivityEvent } from './activity.ts';
import type { Dependency } from './dependency.ts';
import { edgeId } from './dependency-graph.ts';
import type { AgentMessage } from './message.ts';
import { emptyReplay, type ReplayedClaims, replayClaims } from './replay-claims.ts';
import { applyRunChange, type RunActivity, runOf } from './run-changes.ts';
import type { RunRecord } from './run-record.ts';
import { applyTaskChange, type TaskActivity } from './task-changes.ts';
import type { TaskRecord } from './task-record.ts';

/** Everything that a stream of events adds up to: what a store holds, but for deliveries and indexes. */
export interface CoordinationState extends ReplayedClaims {
  readonly tasks: Map<ClaimKey, TaskRecord>;
  readonly runs: Map<string, RunRecord>;
  /** By `edgeId`. */
  readonly dependencies: Map<string, Dependency>;
  /** In the order in which they were sent. */
  readonly messages: AgentMessage[];
}

/** Replays a stream from its beginning; the events must be in their order. */
export function foldActivity(events: Iterable<ActivityEvent>): CoordinationState {
  const state: CoordinationState = {
    ...emptyReplay(),
    tasks: new Map(),
    runs: new Map(),
    dependencies: new Map(),
    messages: [],
  };
  for (const { change, at } of events) replayActivity(state, change, at);
  return state;
}

/** Adds one change that happened at `at`. */
export function replayActivity(state: CoordinationState, change: ActivityChange, at: number): void {
  replayClaims(state, change);
  if (isTaskActivity(change)) state.tasks.set(change.key, applyTaskChange(state.tasks.get(change.key), change));
  if (isRunActivity(change)) {
    const id = runOf(change);
    state.runs.set(id, applyRunChange(state.runs.get(id), change, at));
  }
  if (change.type === 'state.found') {
    const { found } = change;
    if (found.kind === 'task') state.tasks.set(found.task.key, found.task);
    if (found.kind === 'run') state.runs.set(found.run.id, found.run);
  }
  if (change.type === 'dependency.added') state.dependencies.set(edgeId(change.dependency), change.dependency);
  if (change.type === 'dependency.removed') state.dependencies.delete(edgeId(change.dependency));
  if (change.type === 'message.sent') state.messages.push(change.message);
}

function isTaskActivity(change: ActivityChange): change is TaskActivity {
  return change.type.startsWith('task.');
}

function isRunActivity(change: ActivityChange): change is RunActivity {
  return change.type.startsWith('run.');
}
