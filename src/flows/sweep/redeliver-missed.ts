import {
  type DeliveryAttempt,
  isDue,
  isLost,
  type MissedDeliveries,
  type MissedDelivery,
  missedDeliveryRules,
  noteAttempts,
} from '../../domain/dispatch/missed-delivery.ts';
import { isCount, isObject } from '../../domain/json-shape.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface Redelivered {
  /** Deliveries that GitHub was asked to send again. */
  readonly asked: number;
  /** Given up: GitHub keeps them for three days, and each attempt failed until then. */
  readonly lost: number;
}

/** How far the list was read, and what is still to arrive. Times in milliseconds since 1970. */
interface Cursor {
  /** All attempts until this moment were seen. */
  readonly until: number;
  readonly missed: MissedDeliveries;
  /** More than one sweep reads: what is newer than this page was seen up to `top`, what is older was not. */
  readonly resume?: { readonly page: string; readonly top: number };
}

const name = 'hook-deliveries';
const maxPages = 10;
const maxAsked = 50;

/**
 * GitHub sends a webhook once, and never again by itself. Those that did not arrive are asked for again, less and less often, for as
 * long as GitHub keeps them: a stack that was down for an hour still hears everything.
 */
export async function redeliverMissed(room: SweepRoom, bounds: SweepBounds): Promise<Redelivered> {
  const { cursors, app, clock } = room;
  const { keptMs, settleMs } = missedDeliveryRules;
  const now = clock.now();
  const stored = await cursors.read(name);
  const cursor = readCursor(stored?.value) ?? { until: now - keptMs, missed: {} };
  const read = await readOn(app, cursor, { ...bounds, top: now - settleMs });
  const { left, asked, lost } = await askAgain(room, read.missed, bounds);
  await cursors.write(name, { ...read, missed: left }, stored?.version);
  return { asked, lost };
}

interface AskedAgain extends Redelivered {
  readonly left: MissedDeliveries;
}

/** The oldest first: what is left for the next sweep is the youngest. */
async function askAgain(
  { app, clock }: SweepRoom,
  missed: MissedDeliveries,
  { isTimeUp }: SweepBounds,
): Promise<AskedAgain> {
  const now = clock.now();
  const left: Record<string, MissedDelivery> = { ...missed };
  let [asked, lost] = [0, 0];
  for (const [guid, each] of Object.entries(missed).sort(([, a], [, b]) => a.since - b.since || a.id - b.id)) {
    if (isLost(each, now)) {
      delete left[guid];
      lost += 1;
      continue;
    }
    if (!isDue(each, now) || asked >= maxAsked || isTimeUp()) continue;
    if ((await app.redeliver(each.id)) === 'missing') {
      delete left[guid];
      lost += 1;
      continue;
    }
    left[guid] = { ...each, at: now, tries: each.tries + 1 };
    asked += 1;
  }
  return { left, asked, lost };
}

interface ReadBounds extends SweepBounds {
  /** What is newer may not be listed yet. */
  readonly top: number;
}

/** First what is new, for in it stands what has arrived, then on where the sweep before stopped. */
async function readOn(app: SweepRoom['app'], cursor: Cursor, bounds: ReadBounds): Promise<Cursor> {
  const { until, resume } = cursor;
  const { top } = bounds;
  const newer = await readDown(app, { ...cursor, until: resume?.top ?? until, pages: maxPages }, bounds);
  const { missed } = newer;
  const isStuck = newer.isFull && (resume !== undefined || newer.next === undefined);
  if (isStuck) return { ...cursor, missed };
  if (newer.next !== undefined) return { until, missed, resume: { page: newer.next, top } };
  if (resume === undefined) return { until: Math.max(until, top), missed };

  const older = await readDown(app, { until, missed, page: resume.page, pages: maxPages - newer.pages }, bounds);
  const page = older.isFull ? (older.next ?? resume.page) : older.next;
  if (page === undefined) return { until: Math.max(until, top), missed: older.missed };
  return { until, missed: older.missed, resume: { page, top } };
}

interface ReadDown {
  readonly missed: MissedDeliveries;
  /** Pages that were read. */
  readonly pages: number;
  /** There was no room for the page `next`, which has to be read again. */
  readonly isFull: boolean;
  /** The page to go on with; undefined: all until the moment that was asked for were seen. */
  readonly next: string | undefined;
}

/** Page by page from newer attempts to older ones. */
async function readDown(
  app: SweepRoom['app'],
  from: {
    readonly until: number;
    readonly missed: MissedDeliveries;
    /** The newest when absent. */
    readonly page?: string;
    readonly pages: number;
  },
  { isTimeUp }: SweepBounds,
): Promise<ReadDown> {
  let { missed, page } = from;
  for (let pages = 1; pages <= from.pages && !isTimeUp(); pages += 1) {
    const read = await app.deliveries(page);
    const all = read.deliveries.map(({ id, guid, deliveredAt, statusCode }): DeliveryAttempt => {
      return { id, guid, at: Date.parse(deliveredAt), statusCode };
    });
    const wanted = all.filter(({ at }) => at > from.until);
    const noted = noteAttempts(missed, wanted);
    missed = noted.missed;
    if (noted.isFull) return { missed, pages, isFull: true, next: page };
    if (read.next === undefined || wanted.length < all.length) return { missed, pages, isFull: false, next: undefined };
    page = read.next;
  }
  return { missed, pages: from.pages, isFull: page === from.page, next: page };
}

/** What an earlier version of ours wrote is read as nothing: the list is then read once more from its beginning. */
function readCursor(value: unknown): Cursor | undefined {
  if (!isObject(value)) return undefined;
  const { until, missed, resume } = value;
  if (!isCount(until) || !isObject(missed)) return undefined;
  const read = { until, missed: readMissed(missed) };
  if (!isObject(resume)) return read;
  const { page, top } = resume;
  return typeof page === 'string' && isCount(top) ? { ...read, resume: { page, top } } : read;
}

function readMissed(value: Readonly<Record<string, unknown>>): MissedDeliveries {
  const entries = Object.entries(value).flatMap(([guid, each]): (readonly [string, MissedDelivery])[] => {
    if (!isObject(each)) return [];
    const { id, since, at, tries } = each;
    return isCount(id) && isCount(since) && isCount(at) && isCount(tries) ? [[guid, { id, since, at, tries }]] : [];
  });
  return Object.fromEntries(entries);
}
