import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ActivityChange, ActivityEvent } from '../../domain/coordination/activity.ts';
import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { padded } from './item-keys.ts';
import {
  type LogSubject,
  logEndKey,
  logEventKey,
  repositoryOfTask,
  seqOfSortKey,
  subjectPartition,
} from './log-keys.ts';
import type { UnnumberedEvent } from './stream-events.ts';

/** The newest position, 0 in an empty log, and the moment when it was given. */
export interface LogEnd {
  readonly seq: number;
  readonly at: number;
}

export async function readLogEnd(table: DynamoTable): Promise<LogEnd> {
  const item = await table.get(logEndKey);
  if (item === undefined) return { seq: 0, at: 0 };
  const { seq, at } = fromAttributes(item);
  if (isCount(seq) && isCount(at)) return { seq, at };
  throw unreadable('the end of the activity log');
}

/** An event and the moment of its numbering, which grows along the log, as the moments of the events themselves may not. */
export interface LoggedEvent {
  readonly event: ActivityEvent;
  readonly numberedAt: number;
}

/**
 * All that a transaction writes to add these events behind `end`, on condition that it still is the end. Each event is an
 * item; beside them one item for each subject says which of them are about it.
 */
export function logWrites(
  tableName: string,
  { end, events, now }: { readonly end: LogEnd; readonly events: readonly UnnumberedEvent[]; readonly now: number },
): readonly TransactWriteItem[] {
  const numberedAt = Math.max(end.at, now);
  const about = new Map<LogSubject, number[]>();
  const writes = events.map((event, index) => {
    const seq = end.seq + 1 + index;
    for (const subject of subjectsOf(event)) about.set(subject, [...(about.get(subject) ?? []), seq]);
    return putNew(tableName, eventItem({ event: { seq, ...event }, numberedAt }));
  });
  const subjects = [...about].map(([subject, seqs]) =>
    putNew(tableName, { pk: subjectPartition(subject), sk: padded(seqs[0] ?? 0), seqs }),
  );
  return [moveEnd(tableName, end, { seq: end.seq + events.length, at: numberedAt }), ...writes, ...subjects];
}

/** How many writes `logWrites` makes of these events, besides the one of the end. */
export function logWriteCount(events: readonly UnnumberedEvent[]): number {
  return events.length + new Set(events.flatMap(subjectsOf)).size;
}

export function eventItem({ event, numberedAt }: LoggedEvent): object {
  const { seq, change, ...rest } = event;
  return { ...logEventKey(seq), ...rest, change: JSON.stringify(change), numberedAt };
}

export function readLoggedEvent(attributes: Attributes): LoggedEvent {
  const { sk, at, numberedAt, actor, task, run, change } = fromAttributes(attributes);
  const named = typeof sk === 'string' && typeof actor === 'string' && typeof change === 'string';
  if (!named || !isCount(at) || !isCount(numberedAt)) throw unreadable(`the event at ${String(sk)}`);
  return {
    event: {
      seq: seqOfSortKey(sk),
      at,
      actor,
      ...(typeof task === 'string' && { task }),
      ...(typeof run === 'string' && { run }),
      change: parseChange(change),
    },
    numberedAt,
  };
}

function subjectsOf({ task, run }: Pick<ActivityEvent, 'task' | 'run'>): readonly LogSubject[] {
  const repository = task === undefined ? undefined : repositoryOfTask(task);
  return [
    ...(task === undefined ? [] : [`task/${task}` as const]),
    ...(run === undefined ? [] : [`run/${run}` as const]),
    ...(repository === undefined ? [] : [`repository/${repository}` as const]),
  ];
}

function moveEnd(tableName: string, from: LogEnd, to: LogEnd): TransactWriteItem {
  return {
    Put: {
      TableName: tableName,
      Item: toAttributes({ ...logEndKey, ...to }),
      ...(from.seq === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'seq = :seen', ExpressionAttributeValues: toAttributes({ ':seen': from.seq }) }),
    },
  };
}

function putNew(tableName: string, item: object): TransactWriteItem {
  return {
    Put: { TableName: tableName, Item: toAttributes(item), ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

/** Only `eventItem` writes it, so its JSON is a change by construction. */
function parseChange(json: string): ActivityChange {
  return JSON.parse(json) as ActivityChange;
}

function unreadable(what: string): EntropyError {
  return new EntropyError({
    code: 'E710',
    message: `${what} cannot be read by this version`,
    fix: 'update this program if a newer one wrote it; else look who else writes into the table',
  });
}
