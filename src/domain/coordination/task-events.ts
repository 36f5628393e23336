import type { ActivityChange } from './activity.ts';
import type { NewEvent } from './claim-events.ts';
import type { Dependency } from './dependency.ts';
import { tellerOf } from './dependency-graph.ts';
import type { AgentMessage } from './message.ts';
import type { RunActivity } from './run-changes.ts';
import type { RunRecord } from './run-record.ts';
import type { TaskActivity } from './task-changes.ts';
import { isAtWork } from './task-moves.ts';
import type { TaskRecord } from './task-record.ts';

/** What happens to a task while a run is at work on it is told of that run, whoever says so. */
export function taskEvents(
  changes: readonly TaskActivity[],
  { actor, before }: { readonly actor: string; readonly before: TaskRecord | undefined },
): readonly NewEvent[] {
  const atWork = before !== undefined && isAtWork(before.state) ? before.runId : undefined;
  return changes.map((change) => {
    const run = ('facts' in change ? change.facts.runId : undefined) ?? atWork;
    return { actor, task: change.key, ...(run !== undefined && { run }), change };
  });
}

export function runEvents(
  changes: readonly RunActivity[],
  { actor, run }: { readonly actor: string; readonly run: Pick<RunRecord, 'id' | 'task'> },
): readonly NewEvent[] {
  return changes.map((change) => ({ actor, task: run.task, run: run.id, change }));
}

export function dependencyEvent(
  type: Extract<ActivityChange, { readonly dependency: Dependency }>['type'],
  dependency: Dependency,
  actor: string,
): NewEvent {
  return { actor, task: tellerOf(dependency), change: { type, dependency } };
}

export function messageEvent(message: AgentMessage): NewEvent {
  return { actor: message.from, task: message.task, change: { type: 'message.sent', message } };
}
