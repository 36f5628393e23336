import { type ClaimKey, type ClaimRecord, released } from '../claim.ts';
import { EntropyError } from '../error.ts';
import type { ActivityChange } from './activity.ts';

export type ClaimChange = Extract<ActivityChange, { readonly type: `claim.${string}` }>;

export function claimOf(change: ClaimChange): ClaimKey {
  return 'claim' in change ? change.claim.key : change.key;
}

/** The claim's record after a change. Effects are kept beside it and leave it as it is. */
export function applyClaimChange(record: ClaimRecord | undefined, change: ClaimChange): ClaimRecord {
  switch (change.type) {
    case 'claim.acquired':
    case 'claim.stolen':
    case 'claim.taken-over':
      return change.claim;
    case 'claim.renewed': {
      const { expiresAt, ttlMs, progressAt } = change;
      return { ...known(record, change), expiresAt, ttlMs, progressAt };
    }
    case 'claim.released':
      return released(known(record, change));
    case 'claim.effect':
      return known(record, change);
    default:
      return change satisfies never;
  }
}

function known(record: ClaimRecord | undefined, change: ClaimChange): ClaimRecord {
  if (record !== undefined) return record;
  throw new EntropyError({
    code: 'E900',
    message: `the stream tells ${change.type} of ${claimOf(change)} before anybody held it`,
    fix: 'report it; the stream or the code that replays it lost an event',
  });
}
