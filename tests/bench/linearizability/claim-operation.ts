import type { ClaimHolder, ClaimRecord } from '../../../src/domain/claim.ts';
import type { Operation } from './history.ts';

/** What somebody asked a claim store about one key. Times are milliseconds of the clock that the history is told in. */
export type ClaimCall =
  | {
      readonly kind: 'acquire';
      readonly leaseId: string;
      readonly holder: ClaimHolder['kind'];
      readonly ttlMs: number;
    }
  | {
      readonly kind: 'take-over';
      readonly leaseId: string;
      readonly holder: ClaimHolder['kind'];
      readonly ttlMs: number;
      readonly expectedFence?: number;
    }
  | { readonly kind: 'renew'; readonly leaseId: string; readonly fence: number; readonly ttlMs: number }
  | { readonly kind: 'release'; readonly leaseId: string; readonly fence: number }
  | { readonly kind: 'effect'; readonly leaseId: string; readonly fence: number; readonly effect: string }
  | { readonly kind: 'read' };

/** As much of a stored record as the algebra is about. */
export interface SeenClaim {
  readonly state: ClaimRecord['state'];
  readonly holder: ClaimHolder['kind'];
  readonly leaseId: string;
  readonly fence: number;
  readonly expiresAt: number;
}

/** What the store answered. `seen`, `from` absent: no record was shown; of `read`: there is none. */
export type ClaimAnswer =
  | {
      readonly kind: 'granted';
      readonly fence: number;
      readonly expiresAt: number;
      readonly from?: SeenClaim;
      /** Leases that the caller told the store are dead, because it was asked about them. */
      readonly toldDead?: readonly string[];
    }
  | { readonly kind: 'refused'; readonly seen: SeenClaim; readonly toldDead?: readonly string[] }
  | { readonly kind: 'renewed'; readonly fence: number; readonly expiresAt: number }
  | { readonly kind: 'released' }
  | { readonly kind: 'already-released' }
  | { readonly kind: 'may-act'; readonly before: 'never' | 'begun' | 'unknown' }
  /** The lease is not the current one: of `renew`, `release` and `effect`. */
  | { readonly kind: 'stale'; readonly seen?: SeenClaim }
  | { readonly kind: 'read'; readonly seen?: SeenClaim };

export type ClaimOperation = Operation<ClaimCall, ClaimAnswer>;
