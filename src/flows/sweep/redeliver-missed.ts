import { isCount, isObject } from '../../domain/json-shape.ts';
import type { AppDelivery } from '../../ports/forge-app.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface Redelivered {
  /** Deliveries that GitHub was asked to send again. */
  readonly asked: number;
  /** Given up: sent again as often as is allowed, and failed each time. */
  readonly lost: number;
}

/** How far the list was read: everything that was delivered before this moment is done with. */
interface Cursor {
  /** ISO 8601. */
  readonly until: string;
  /** How often each delivery of the time since then was asked for again. */
  readonly tries: Readonly<Record<string, number>>;
  /** More than one sweep reads: where the next one goes on, and what is newer than where the first began. */
  readonly resume?: { readonly page: string; readonly newest: number };
}

const name = 'hook-deliveries';
const maxPages = 10;
const maxAsked = 50;
const maxTries = 3;
/** A delivery may be listed a little after it was made, and one that was asked for again takes its time. */
const settleMs = 2 * 60_000;
/** GitHub keeps them for three days. */
const keptMs = 3 * 24 * 60 * 60_000;

/**
 * GitHub sends a webhook once, and never again by itself. Those that did not arrive are asked for again, each three times at
 * most. Any answer from 200 to 299 of any attempt counts as arrived; what we refused as not signed or not understood (4xx) would
 * be refused again.
 */
export async function redeliverMissed(room: SweepRoom, bounds: SweepBounds): Promise<Redelivered> {
  const { cursors, app, clock } = room;
  const stored = await cursors.read(name);
  const now = clock.now();
  const cursor = readCursor(stored?.value) ?? { until: new Date(now - keptMs).toISOString(), tries: {} };
  const seen = await readSince(app, cursor, bounds);
  const attempts = byGuid(seen.deliveries);
  const tries: Record<string, number> = {};
  const result = { asked: 0, lost: 0 };
  const newestRead = cursor.resume?.newest ?? now - settleMs;
  let open = newestRead;

  // The oldest first: what is left for the next sweep is the youngest.
  for (const [guid, all] of [...attempts].sort(([, a], [, b]) => byAge(b.at(-1), a.at(-1)))) {
    const newest = all[0];
    if (newest === undefined || !needsAnother(all)) continue;
    const before = cursor.tries[guid] ?? 0;
    const isYoung = now - timeOf(newest) < settleMs;
    if (before >= maxTries && !isYoung) {
      result.lost += 1;
      continue;
    }
    // What is still under way, or left for the next time, keeps the cursor before it.
    open = Math.min(open, timeOf(all.at(-1)) - 1);
    tries[guid] = before;
    if (isYoung || result.asked >= maxAsked || bounds.isTimeUp()) continue;
    tries[guid] = before + 1;
    if ((await app.redeliver(newest.id)) === 'accepted') result.asked += 1;
  }
  const next: Cursor =
    seen.next === undefined
      ? { until: new Date(Math.max(Math.min(open, newestRead), now - keptMs)).toISOString(), tries }
      : { until: cursor.until, tries: { ...cursor.tries, ...tries }, resume: { page: seen.next, newest: open } };
  await cursors.write(name, next, stored?.version);
  return result;
}

async function readSince(
  app: SweepRoom['app'],
  { until, resume }: Cursor,
  { isTimeUp }: SweepBounds,
): Promise<{ readonly deliveries: readonly AppDelivery[]; readonly next?: string }> {
  const deliveries: AppDelivery[] = [];
  let cursor = resume?.page;
  for (let page = 0; page < maxPages && !isTimeUp(); page += 1) {
    const read = await app.deliveries(cursor);
    const wanted = read.deliveries.filter(({ deliveredAt }) => Date.parse(deliveredAt) > Date.parse(until));
    deliveries.push(...wanted);
    cursor = read.next;
    if (cursor === undefined || wanted.length < read.deliveries.length) return { deliveries };
  }
  return cursor === undefined ? { deliveries } : { deliveries, next: cursor };
}

/** All attempts at each delivery, newest first. */
function byGuid(deliveries: readonly AppDelivery[]): ReadonlyMap<string, readonly AppDelivery[]> {
  const attempts = new Map<string, AppDelivery[]>();
  for (const delivery of deliveries) {
    const all = attempts.get(delivery.guid) ?? [];
    all.push(delivery);
    attempts.set(delivery.guid, all);
  }
  for (const all of attempts.values()) all.sort(byAge);
  return attempts;
}

function needsAnother(attempts: readonly AppDelivery[]): boolean {
  return attempts.every(
    ({ statusCode }) => statusCode === 0 || statusCode === 408 || statusCode === 429 || statusCode >= 500,
  );
}

/** Newest first. */
function byAge(a: AppDelivery | undefined, b: AppDelivery | undefined): number {
  return timeOf(b) - timeOf(a) || (b?.id ?? 0) - (a?.id ?? 0);
}

function timeOf(delivery: AppDelivery | undefined): number {
  return delivery === undefined ? 0 : Date.parse(delivery.deliveredAt);
}

function readCursor(value: unknown): Cursor | undefined {
  if (!isObject(value)) return undefined;
  const { until, tries, resume } = value;
  if (typeof until !== 'string' || !Number.isFinite(Date.parse(until)) || !isObject(tries)) return undefined;
  const counted = Object.entries(tries).filter((entry): entry is [string, number] => isCount(entry[1]));
  const read = { until, tries: Object.fromEntries(counted) };
  if (!isObject(resume)) return read;
  const { page, newest } = resume;
  return typeof page === 'string' && isCount(newest) ? { ...read, resume: { page, newest } } : read;
}
