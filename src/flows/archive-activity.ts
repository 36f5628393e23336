import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ActivityEvent } from '../domain/coordination/activity.ts';
import { EntropyError } from '../domain/error.ts';
import { isCount, isObject } from '../domain/json-shape.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { CursorStore } from '../ports/cursor-store.ts';
import type { ObjectStore } from '../ports/object-store.ts';

export interface ArchiveRoom {
  readonly activity: Pick<ActivityLog, 'read'>;
  readonly cursors: CursorStore;
  readonly archive: Pick<ObjectStore, 'put' | 'head'>;
}

export interface Archived {
  readonly objects: number;
  readonly events: number;
  /** The newest event that lies in the archive now; undefined when this call put none there. */
  readonly last?: ActivityEvent;
}

export const archiveCursor = 'activity-archive';
/** An object holds about so much at most, before it is compressed. */
const objectEvents = 1_000;
const objectBytes = 8 * 1024 * 1024;
const pageSize = 100;

/**
 * Copies the log into the archive from where the last copy ended: JSON lines, one object for each stretch, put where nothing
 * lies. It looks at the log and not at what was numbered just now, so whatever ended it before, nothing is left out; and two
 * at once write the same stretch once.
 */
export async function archiveActivity(
  { activity, cursors, archive }: ArchiveRoom,
  signal: AbortSignal,
): Promise<Archived> {
  let done: Archived = { objects: 0, events: 0 };
  for (;;) {
    signal.throwIfAborted();
    const cursor = await cursors.read(archiveCursor);
    const after = cursor === undefined ? 0 : readSeq(cursor.value);
    const events = await nextStretch(activity, after);
    if (events.length === 0) return done;
    const last = await putStretch({ activity, archive }, events);
    // Who moved it meanwhile has archived from the same place: go on from there.
    const moved = await cursors.write(archiveCursor, { seq: last.seq }, cursor?.version);
    if (moved === 'moved') continue;
    done = { objects: done.objects + 1, events: done.events + last.seq - after, last };
  }
}

/** `activity/v1/2026/11/21/0000000000000001.jsonl.gz`: by the day and the position of its first event. */
export function archiveKey({ seq, at }: ActivityEvent, history = 1): string {
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');
  return `activity/v1/${day}/${String(seq).padStart(16, '0')}${history === 1 ? '' : `-${history}`}.jsonl.gz`;
}

export function jsonLines(events: readonly ActivityEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

async function nextStretch(activity: ArchiveRoom['activity'], after: number): Promise<readonly ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  let bytes = 0;
  while (events.length < objectEvents && bytes < objectBytes) {
    const page = await activity.read({ after: after + events.length, limit: pageSize });
    events.push(...page);
    bytes += jsonLines(page).length;
    if (page.length < pageSize) break;
  }
  const hole = events.findIndex(({ seq }, index) => seq !== after + 1 + index);
  if (hole === -1) return events;
  throw new EntropyError({
    code: 'E710',
    message: `the activity log has no event ${after + 1 + hole}`,
    fix: 'somebody removed it from the table; restore the table to a moment before (docs/runbook.md)',
  });
}

/** Tells the last event of the object that holds the first one now. */
async function putStretch(
  { activity, archive }: Omit<ArchiveRoom, 'cursors'>,
  events: readonly ActivityEvent[],
): Promise<ActivityEvent> {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) throw new TypeError('nothing is to be archived');
  const text = jsonLines(events);
  const body = await promisify(gzip)(text);
  const metadata = { 'first-seq': String(first.seq), 'last-seq': String(last.seq), 'lines-sha256': sha256(text) };
  for (let history = 1; ; history += 1) {
    const key = archiveKey(first, history);
    const put = await archive.put(key, body, { contentType: 'application/gzip', ifAbsent: true, metadata });
    if (put.kind === 'stored') return last;
    const there = (await archive.head(key))?.metadata ?? {};
    const same = await sameStretch(activity, first, there);
    // Otherwise the table was restored since: what lies there was told of what is no longer so, and stays.
    if (same !== undefined) return same;
  }
}

/** The last event of what lies there, when it tells the same as the log does. */
async function sameStretch(
  activity: ArchiveRoom['activity'],
  first: ActivityEvent,
  { 'last-seq': lastSeq, 'lines-sha256': digest }: Readonly<Record<string, string>>,
): Promise<ActivityEvent | undefined> {
  const count = Number(lastSeq) - first.seq + 1;
  if (!Number.isSafeInteger(count) || count < 1) return undefined;
  const events = await activity.read({ after: first.seq - 1, limit: count });
  return events.length === count && sha256(jsonLines(events)) === digest ? events.at(-1) : undefined;
}

function readSeq(value: unknown): number {
  if (isObject(value) && isCount(value['seq'])) return value['seq'];
  throw new EntropyError({
    code: 'E710',
    message: `the cursor ${archiveCursor} holds no position in the log`,
    fix: 'delete it: the log is archived anew from its beginning, and nothing that lies in the archive is changed',
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
