import type { ClaimKey } from '../../domain/claim.ts';
import type { TaskFacts } from '../../domain/coordination/activity.ts';
import { type StoredTaskRecord, taskShape } from '../../domain/coordination/record-shapes.ts';
import type { TaskActivity } from '../../domain/coordination/task-changes.ts';
import type { TaskRecord } from '../../domain/coordination/task-record.ts';
import { isStartable } from '../../domain/coordination/wait-edge.ts';
import { isObject } from '../../domain/json-shape.ts';
import { text } from '../../domain/shape.ts';
import { type Attributes, toAttributes } from './attribute-values.ts';
import { padded, taskKey } from './item-keys.ts';
import { type ReadItem, readChanger, readItem, readList, readMember, unreadable } from './stored-record.ts';
import { table as names } from './table.ts';

/** A task as it was read. Its own version grows with each change of it, the item's also when only its waits are counted. */
export interface StoredTask {
  readonly task: TaskRecord;
  readonly version: number;
  /** Something open that it waits for, as it was counted last: what the index of ready tasks goes by. */
  readonly blocked: boolean;
  /** What has to be counted anew: what this one waits for, or all who wait for it. Kept until it is done. */
  readonly recheck?: 'self' | 'waiters';
}

/** The last change, when it was one of the task itself. */
export interface ToldChanges<Change> {
  readonly changes: readonly Change[];
  readonly actor: string;
  readonly at: number;
}

export const listedTasks = 'TASK';
/** Where the index of ready tasks names those that must be looked at: no owner has this name. */
export const recheckPartition = '!';

/** The body is its own attribute: as JSON some texts would take more room than an item has. */
export function taskItem(stored: StoredTask, told?: ToldChanges<TaskActivity>): Attributes {
  const { task, version, blocked, recheck } = stored;
  const { body, ...issue } = task.issue;
  const ready = recheck !== undefined ? recheckPartition : isStartable(task, blocked ? 1 : 0) && ownerOf(task.key);
  return toAttributes({
    ...taskKey(task.key),
    listed: listedTasks,
    key: task.key,
    record: JSON.stringify({ ...task, issue }),
    body,
    version,
    blocked,
    ...(recheck && { recheck }),
    ...(ready !== false && { [names.readyByPriority.partitionKey]: ready, readyOrder: readyOrder(task) }),
    ...(told && { actor: told.actor, at: told.at, changes: JSON.stringify(told.changes.map(briefly)) }),
  });
}

export function ownerOf(key: ClaimKey): string {
  return key.split('/')[1] ?? '';
}

/** By priority, then age, then key, as `defaultOrder` has it. */
function readyOrder({ key, priority, issue }: TaskRecord): string {
  return `${String(priority).padStart(2, '0')}#${padded(issue.createdAt)}#${key}`;
}

const what = 'a task';

export function readTask(attributes: Attributes): StoredTask {
  return storedTask(readItem(attributes, what, taskShape));
}

function storedTask({ item, record, version }: ReadItem<StoredTaskRecord>): StoredTask {
  const { blocked, recheck } = item;
  const body = readMember(item, { what, name: 'body' }, text);
  return {
    task: { ...record, issue: { ...record.issue, body } },
    version,
    blocked: blocked === true,
    ...((recheck === 'self' || recheck === 'waiters') && { recheck }),
  };
}

/** What the stream cannot tell from the record: the rest is left out, the long body above all. */
function briefly(change: TaskActivity): object {
  if (change.type === 'task.mirrored') return { type: change.type };
  const facts = Object.keys(change.facts);
  if (change.type === 'task.changed') return { type: change.type, facts };
  return { type: change.type, from: change.from, to: change.to, facts };
}

/** The changes that the domain decided when the item was written, in its order; none when only waits were counted. */
export function readTaskChanges(attributes: Attributes): ToldChanges<TaskActivity> | undefined {
  if (attributes['changes'] === undefined) return undefined;
  const read = readItem(attributes, what, taskShape);
  const { item } = read;
  const { task } = storedTask(read);
  const changes = readList(attributes, 'changes', what).map((brief) => {
    const change = isObject(brief) ? inFull(brief, task) : undefined;
    if (change === undefined) throw unreadable(item, what);
    return change;
  });
  return { changes, ...readChanger(item, what) };
}

function inFull(brief: Readonly<Record<string, unknown>>, task: TaskRecord): TaskActivity | undefined {
  const { key, issue, priority } = task;
  switch (brief['type']) {
    case 'task.mirrored':
      return { type: 'task.mirrored', key, issue, priority };
    case 'task.moved': {
      const { from, to } = brief as { from: TaskRecord['state']; to: TaskRecord['state'] };
      return { type: 'task.moved', key, from, to, facts: factsOf(brief['facts'], task) };
    }
    case 'task.changed':
      return { type: 'task.changed', key, facts: factsOf(brief['facts'], task) };
    default:
      return undefined;
  }
}

function factsOf(facts: unknown, record: object): TaskFacts {
  return pickFacts(facts, record) as TaskFacts;
}

/** One write holds one set of facts, so what they are is what the record has now. */
export function pickFacts(facts: unknown, record: object): object {
  const told = new Set(Array.isArray(facts) ? facts : []);
  return Object.fromEntries(Object.entries(record).filter(([name]) => told.has(name)));
}
