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
  /** More than one sweep reads: where the next one goes on, and up to when all is seen once it is through. */
  readonly resume?: { readonly page: string; readonly until: number };
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
  const seen = await readSince(app, cursor, bounds);
  const { missed, noRoomFrom = now } = noteAttempts(cursor.missed, seen.attempts);
  const seenUntil = Math.min(cursor.resume?.until ?? now - settleMs, noRoomFrom - 1);

  const { left, asked, lost } = await askAgain(room, missed, bounds);
  const next: Cursor =
    seen.next === undefined
      ? { until: Math.max(cursor.until, seenUntil), missed: left }
      : { until: cursor.until, missed: left, resume: { page: seen.next, until: seenUntil } };
  await cursors.write(name, next, stored?.version);
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

async function readSince(
  app: SweepRoom['app'],
  { until, resume }: Cursor,
  { isTimeUp }: SweepBounds,
): Promise<{ readonly attempts: readonly DeliveryAttempt[]; readonly next?: string }> {
  const attempts: DeliveryAttempt[] = [];
  let cursor = resume?.page;
  for (let page = 0; page < maxPages && !isTimeUp(); page += 1) {
    const read = await app.deliveries(cursor);
    const all = read.deliveries.map(({ id, guid, deliveredAt, statusCode }) => {
      return { id, guid, at: Date.parse(deliveredAt), statusCode };
    });
    const wanted = all.filter(({ at }) => at > until);
    attempts.push(...wanted);
    cursor = read.next;
    if (cursor === undefined || wanted.length < all.length) return { attempts };
  }
  return cursor === undefined ? { attempts } : { attempts, next: cursor };
}

/** What an earlier version of ours wrote is read as nothing: the list is then read once more from its beginning. */
function readCursor(value: unknown): Cursor | undefined {
  if (!isObject(value)) return undefined;
  const { until, missed, resume } = value;
  if (!isCount(until) || !isObject(missed)) return undefined;
  const read = { until, missed: readMissed(missed) };
  if (!isObject(resume)) return read;
  const { page, until: resumeUntil } = resume;
  return typeof page === 'string' && isCount(resumeUntil) ? { ...read, resume: { page, until: resumeUntil } } : read;
}

function readMissed(value: Readonly<Record<string, unknown>>): MissedDeliveries {
  const entries = Object.entries(value).flatMap(([guid, each]): (readonly [string, MissedDelivery])[] => {
    if (!isObject(each)) return [];
    const { id, since, at, tries } = each;
    return isCount(id) && isCount(since) && isCount(at) && isCount(tries) ? [[guid, { id, since, at, tries }]] : [];
  });
  return Object.fromEntries(entries);
}
