import type { RunFacts } from '../../domain/coordination/activity.ts';
import { runShape } from '../../domain/coordination/record-shapes.ts';
import type { RunActivity } from '../../domain/coordination/run-changes.ts';
import { isOver } from '../../domain/coordination/run-moves.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { isObject } from '../../domain/json-shape.ts';
import { type Attributes, toAttributes } from './attribute-values.ts';
import { padded, runKey } from './item-keys.ts';
import { readChanger, readItem, readList, unreadable } from './stored-record.ts';
import { table as names } from './table.ts';
import { pickFacts, type ToldChanges } from './task-item.ts';

export const listedRuns = 'RUN';
/** Partition of the index of what is due for a check. */
export const livingRuns = 'RUN';
export const runsOfTask = (task: string): string => `RUN#${task}`;
export const runsOfAgent = (agent: string): string => `RUN#${agent}`;

/** By age, then id. Of indexes that a run stays in all its life none has to be written again. */
export function runOrder({ startedAt, id }: Pick<RunRecord, 'startedAt' | 'id'>): string {
  return `${padded(startedAt)}#${id}`;
}

/** Each write of a run is a change of it, so its own version is the item's. */
export function runItem(run: RunRecord, told: ToldChanges<RunActivity>): Attributes {
  const order = runOrder(run);
  return toAttributes({
    ...runKey(run.id),
    listed: listedRuns,
    // Ids and keys hold no blanks, so the task can be told from the key alone.
    key: `${order} ${run.task}`,
    order,
    [names.byTask.partitionKey]: runsOfTask(run.task),
    [names.byAgent.partitionKey]: runsOfAgent(run.agent.id),
    ...(!isOver(run.state) && { [names.dueForCheck.partitionKey]: livingRuns }),
    record: JSON.stringify(run),
    version: run.version,
    actor: told.actor,
    at: told.at,
    changes: JSON.stringify(told.changes.map(briefly)),
  });
}

const what = 'a run';

export function readRun(attributes: Attributes): RunRecord {
  return readItem(attributes, what, runShape).record;
}

/** What the stream cannot tell from the record. */
function briefly(change: RunActivity): object {
  switch (change.type) {
    case 'run.opened':
    case 'run.stop-requested':
      return { type: change.type };
    case 'run.moved':
      return { type: change.type, from: change.from, to: change.to, facts: Object.keys(change.facts) };
    case 'run.changed':
      return { type: change.type, facts: Object.keys(change.facts) };
    default:
      return change satisfies never;
  }
}

export function readRunChanges(attributes: Attributes): ToldChanges<RunActivity> & { readonly run: RunRecord } {
  const { item, record: run } = readItem(attributes, what, runShape);
  const changes = readList(attributes, 'changes', what).map((brief) => {
    const change = isObject(brief) ? inFull(brief, run) : undefined;
    if (change === undefined) throw unreadable(item, what);
    return change;
  });
  return { run, changes, ...readChanger(item, what) };
}

function inFull(brief: Readonly<Record<string, unknown>>, run: RunRecord): RunActivity | undefined {
  const { id } = run;
  const facts = pickFacts(brief['facts'], run) as RunFacts;
  switch (brief['type']) {
    case 'run.opened':
      return { type: 'run.opened', run };
    case 'run.moved': {
      const { from, to } = brief as { from: RunRecord['state']; to: RunRecord['state'] };
      return { type: 'run.moved', id, from, to, facts };
    }
    case 'run.changed':
      return { type: 'run.changed', id, facts };
    case 'run.stop-requested': {
      const { by, reason } = run.stopRequested ?? {};
      return by === undefined || reason === undefined ? undefined : { type: 'run.stop-requested', id, by, reason };
    }
    default:
      return undefined;
  }
}
