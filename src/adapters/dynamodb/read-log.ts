import { clockSkewMs } from '../../domain/claim.ts';
import type { ActivityEvent } from '../../domain/coordination/activity.ts';
import { type ActivityWanted, isWanted } from '../../domain/coordination/activity-filter.ts';
import { EntropyError } from '../../domain/error.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { keyText, padded } from './item-keys.ts';
import { type LoggedEvent, readLoggedEvent } from './log-event-item.ts';
import {
  type LogSubject,
  lastOfPartition,
  logEventKey,
  logPartition,
  repositoryOfTask,
  subjectPartition,
} from './log-keys.ts';

export interface LogRange {
  /** Positions after this one, up to that one. */
  readonly after: number;
  readonly to: number;
  readonly limit: number;
}

/** What is wanted of a range, in order. Events about one thing are found by their subject; others are looked through. */
export async function readLog(
  table: DynamoTable,
  wanted: ActivityWanted,
  { after, to, limit }: LogRange,
): Promise<readonly ActivityEvent[]> {
  const { since } = wanted;
  const start = since === undefined ? after : Math.max(after, await lastBefore(table, since, { after, to }));
  const found: ActivityEvent[] = [];
  if (start >= to || limit <= 0) return found;
  for await (const page of pages(table, wanted, { after: start, to, limit })) {
    for (const event of page) {
      if (isWanted(event, wanted)) found.push(event);
      if (found.length === limit) return found;
    }
  }
  return found;
}

/** Every event after a position, oldest first, page by page. */
export async function* logPages(
  table: DynamoTable,
  { after, to }: Pick<LogRange, 'after' | 'to'>,
  pageSize?: number,
): AsyncIterable<readonly LoggedEvent[]> {
  for (let from = after + 1; from <= to; from = lastOfPartition(from) + 1) {
    const last = Math.min(to, lastOfPartition(from));
    const query = { partition: logPartition(from), from: padded(from), to: padded(last) };
    for await (const items of table.items({ ...query, ...(pageSize !== undefined && { pageSize }) })) {
      yield items.map(readLoggedEvent);
    }
  }
}

async function* pages(
  table: DynamoTable,
  wanted: ActivityWanted,
  range: LogRange,
): AsyncIterable<readonly ActivityEvent[]> {
  const subject = subjectOf(wanted);
  if (subject !== undefined) {
    yield* aboutSubject(table, subject, range);
    return;
  }
  const pageSize = wanted.actor === undefined && wanted.taskPrefix === undefined ? range.limit : undefined;
  for await (const page of logPages(table, range, pageSize)) yield page.map(({ event }) => event);
}

function subjectOf({ run, task, taskPrefix = '' }: ActivityWanted): LogSubject | undefined {
  if (run !== undefined) return `run/${run}`;
  if (task !== undefined) return `task/${task}`;
  const repository = repositoryOfTask(`${taskPrefix}*`);
  return repository === undefined ? undefined : `repository/${repository}`;
}

/** More events than one transaction holds: an item of a subject names those of one transaction. */
const widestItem = 100;

async function* aboutSubject(
  table: DynamoTable,
  subject: LogSubject,
  { after, to }: LogRange,
): AsyncIterable<readonly ActivityEvent[]> {
  const from = padded(Math.max(1, after + 1 - widestItem));
  for await (const items of table.items({ partition: subjectPartition(subject), from, to: padded(to) })) {
    const seqs = items.flatMap(seqsOf).filter((seq) => seq > after && seq <= to);
    for (let at = 0; at < seqs.length; at += widestItem) {
      yield (await eventsAt(table, seqs.slice(at, at + widestItem))).map(({ event }) => event);
    }
  }
}

function seqsOf(item: Attributes): readonly number[] {
  const { seqs } = fromAttributes(item);
  return Array.isArray(seqs) ? seqs.filter((seq): seq is number => typeof seq === 'number') : [];
}

async function eventsAt(table: DynamoTable, seqs: readonly number[]): Promise<readonly LoggedEvent[]> {
  const found = await table.getMany(seqs.map(logEventKey));
  return seqs.map((seq) => {
    const item = found.get(keyText(logEventKey(seq)));
    if (item !== undefined) return readLoggedEvent(item);
    throw new EntropyError({
      code: 'E710',
      message: `the activity log has no event ${seq}, and one of those after it`,
      fix: 'somebody removed it from the table; restore the table to a moment before (docs/runbook.md)',
    });
  });
}

/**
 * The last position that was given before anything of this moment can have been told. Moments of events are those of their
 * writers; the moment of its numbering is never before the event's, but for the difference of clocks, and grows with the
 * positions, so it can be searched for.
 */
async function lastBefore(
  table: DynamoTable,
  since: number,
  { after, to }: Pick<LogRange, 'after' | 'to'>,
): Promise<number> {
  let [below, above] = [after, to + 1];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    const [logged] = await eventsAt(table, [middle]);
    if (logged !== undefined && logged.numberedAt < since - clockSkewMs) below = middle;
    else above = middle;
  }
  return below;
}
