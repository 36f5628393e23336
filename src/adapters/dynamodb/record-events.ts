import type { NewEvent } from '../../domain/coordination/claim-events.ts';
import { dependencyEvent, messageEvent, runEvents, taskEvents } from '../../domain/coordination/task-events.ts';
import type { Attributes } from './attribute-values.ts';
import { readEdgeChanges } from './edges-item.ts';
import { readMessage } from './message-items.ts';
import { readRunChanges } from './run-item.ts';
import { readTask, readTaskChanges } from './task-item.ts';

interface Written {
  readonly before?: Attributes | undefined;
  readonly after: Attributes;
}
type Told = readonly (NewEvent & { readonly at: number })[];

/** Tasks, runs and dependencies say what the last write changed; who only counts what a task waits for says nothing. */
export function eventsOfTask({ before, after }: Written): Told {
  const told = readTaskChanges(after);
  if (told === undefined) return [];
  const { changes, actor, at } = told;
  return taskEvents(changes, { actor, before: before && readTask(before).task }).map((event) => ({ ...event, at }));
}

export function eventsOfRun({ after }: Written): Told {
  const { changes, actor, at, run } = readRunChanges(after);
  return runEvents(changes, { actor, run }).map((event) => ({ ...event, at }));
}

export function eventsOfEdges({ after }: Written): Told {
  const told = readEdgeChanges(after);
  if (told === undefined) return [];
  const { changes, actor, at } = told;
  return changes.map(({ type, dependency }) => ({ ...dependencyEvent(type, dependency, actor), at }));
}

/** Written once; that it was handed out is told nowhere. */
export function eventsOfMessage({ before, after }: Written): Told {
  if (before !== undefined) return [];
  const { message, at } = readMessage(after);
  return [{ ...messageEvent(message), at }];
}
