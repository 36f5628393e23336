import type { ActivityFilter, ActivityLog } from '../../ports/activity-log.ts';

/**
 * A position after which nothing that fits has happened yet. The stream only reads forwards, so the end is looked for by
 * halving: some twenty small questions for a million events.
 */
export async function lastPosition(
  activity: Pick<ActivityLog, 'read'>,
  filter: Omit<ActivityFilter, 'after' | 'since' | 'limit'>,
): Promise<number> {
  let known = 0;
  let end = 1_024;
  for (;;) {
    const [next] = await activity.read({ ...filter, after: end, limit: 1 });
    if (next === undefined) break;
    known = next.seq;
    end = next.seq * 2;
  }
  while (end > known) {
    const middle = Math.floor((known + end) / 2);
    const [next] = await activity.read({ ...filter, after: middle, limit: 1 });
    if (next === undefined) end = middle;
    else known = next.seq;
    if (end - known === 1 && (await activity.read({ ...filter, after: known, limit: 1 })).length === 0) end = known;
  }
  return known;
}
