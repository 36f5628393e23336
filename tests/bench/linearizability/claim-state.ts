import type { ClaimAnswer, ClaimCall, SeenClaim } from './claim-operation.ts';

/** What a key's claim may be at a moment, as far as the answers so far tell. */
export interface ClaimState {
  readonly claim?: SeenClaim;
  /**
   * `at least`: granted or renewed by a call whose answer nobody heard; the first answer that shows it says exactly.
   * `or later`: a renewal that nobody heard of may come at any moment.
   */
  readonly expiry: 'exactly' | 'at least' | 'or later';
  /** What was begun in the name of this key, sorted. */
  readonly effects: readonly string[];
}

export function isCurrent({ claim }: ClaimState, lease: { readonly leaseId: string; readonly fence: number }): boolean {
  return claim?.state === 'held' && claim.leaseId === lease.leaseId && claim.fence === lease.fence;
}

export function isReleased(
  { claim }: ClaimState,
  lease: { readonly leaseId: string; readonly fence: number },
): boolean {
  return claim?.state === 'free' && claim.leaseId === lease.leaseId && claim.fence === lease.fence;
}

export function afterStale(
  state: ClaimState,
  lease: { readonly leaseId: string; readonly fence: number },
  { seen }: { readonly seen?: SeenClaim },
): ClaimState | undefined {
  if (isCurrent(state, lease)) return undefined;
  return seen === undefined ? state : shownAs(state, seen);
}

/** The state once this record was shown; undefined when it would be another one. */
export function shownAs(state: ClaimState, seen: SeenClaim): ClaimState | undefined {
  if (!shows(state, seen)) return undefined;
  switch (state.expiry) {
    case 'exactly':
      return state;
    case 'at least':
      return { ...state, claim: seen, expiry: 'exactly' };
    case 'or later':
      return seen.expiresAt === state.claim?.expiresAt ? state : { ...state, claim: seen };
    default:
      return state.expiry satisfies never;
  }
}

function shows({ claim, expiry }: ClaimState, seen: SeenClaim): boolean {
  if (claim === undefined) return false;
  const same = claim.state === seen.state && claim.leaseId === seen.leaseId && claim.fence === seen.fence;
  const ends = expiry === 'exactly' ? seen.expiresAt === claim.expiresAt : seen.expiresAt >= claim.expiresAt;
  return same && ends && claim.holder === seen.holder;
}

/** The highest fence that the claim can have just before a call is answered so: fences only grow. */
export function highestFence(call: ClaimCall, result: ClaimAnswer | undefined): number {
  switch (result?.kind) {
    case 'granted':
      return result.fence;
    case 'refused':
      return result.seen.fence;
    case 'renewed':
    case 'released':
    case 'already-released':
    case 'may-act':
      return 'fence' in call ? call.fence : Number.POSITIVE_INFINITY;
    case 'stale':
      return result.seen?.fence ?? Number.POSITIVE_INFINITY;
    case 'read':
      return result.seen?.fence ?? 0;
    case undefined:
      return Number.POSITIVE_INFINITY;
    default:
      return result satisfies never;
  }
}
