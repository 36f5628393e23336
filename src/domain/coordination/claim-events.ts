import type { ClaimHolder, ClaimKey, ClaimRecord } from '../claim.ts';
import type { ActivityChange, ActivityEvent } from './activity.ts';

/** An event before the stream gave it its place and time. */
export type NewEvent = Omit<ActivityEvent, 'seq' | 'at'>;

/** Who a holder is in the stream: its agent's id, else the name under which it holds the claim. */
export function actorOf(holder: ClaimHolder): string {
  return holder.agent?.id ?? holder.owner;
}

/** The key when it names an issue or a pull request; undefined for any other lock. */
export function taskOf(key: ClaimKey): ClaimKey | undefined {
  return /^github\/[^/]+\/[^/]+\/(?:issues|pulls)\/[1-9][0-9]*$/.test(key) ? key : undefined;
}

/**
 * The events of one decision about one claim. They are told of the run that holds the claim, but what is booked of a
 * former holder's reservation is told of the former run.
 */
export function claimEvents(
  changes: readonly ActivityChange[],
  { key, before }: { readonly key: ClaimKey; readonly before: ClaimRecord | undefined },
): readonly NewEvent[] {
  const granted = changes.flatMap((change) =>
    'claim' in change && typeof change.claim === 'object' ? [change.claim] : [],
  );
  const holder = granted.at(-1)?.holder ?? before?.holder;
  const task = taskOf(key);
  return changes.map((change) => {
    const run = change.type === 'budget.settled' ? before?.holder.runId : holder?.runId;
    return {
      actor: holder === undefined ? 'system' : actorOf(holder),
      ...(task !== undefined && { task }),
      ...(run !== undefined && { run }),
      change,
    };
  });
}
