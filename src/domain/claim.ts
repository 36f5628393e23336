import type { AgentIdentity } from './agent-identity.ts';
import type { HeldReservation } from './coordination/budget-record.ts';

/** What a claim is about: `github/<owner>/<repo>/issues/42`. */
export type ClaimKey = string;

export interface ClaimHolder {
  readonly owner: string;
  readonly runId: string;
  readonly kind: 'agent' | 'human';
  /** Where the run can be looked up while it lives: GitHub's own workflow run id, attempt and a link. */
  readonly workflowRun?: { readonly id: number; readonly attempt: number; readonly url: string };
  readonly reason: string;
  readonly agent?: AgentIdentity;
}

/**
 * The record that is stored for a key. It is never deleted: a release sets `state: 'free'` and keeps `fence`, so that
 * the fencing token only ever grows (Kleppmann, "How to do distributed locking", 2016).
 */
export interface ClaimRecord {
  readonly schema: 1;
  readonly key: ClaimKey;
  readonly state: 'free' | 'held';
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly fence: number;
  /** Milliseconds since 1970; meaningless for human claims, which do not expire. */
  readonly acquiredAt: number;
  readonly expiresAt: number;
  readonly ttlMs: number;
  /** When the holder last got further, apart from being alive; absent: since the claim began. */
  readonly progressAt?: number;
  /** What was taken from budgets with the claim; given back when it ends. Kept in a free record no longer. */
  readonly reservation?: HeldReservation;
}

/** What the holder keeps: enough to renew, to release and to prove itself at every write. */
export interface Lease {
  readonly key: ClaimKey;
  readonly leaseId: string;
  readonly fence: number;
  readonly expiresAt: number;
}

/** Clocks may differ by this much; a holder stops so much earlier, a thief waits so much longer. */
export const clockSkewMs = 2_000;

export function issueClaimKey(owner: string, name: string, issue: number): ClaimKey {
  return `github/${owner}/${name}/issues/${issue}`.toLowerCase();
}

export interface AcquireRequest {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  readonly now: number;
  /** True when the forge's own record says that the holder's run has ended: its claim may be taken before it expires. */
  readonly holderIsDead: boolean;
}

export type AcquireDecision =
  | { readonly kind: 'granted'; readonly record: ClaimRecord; readonly stolenFrom?: ClaimRecord }
  | { readonly kind: 'already-mine'; readonly record: ClaimRecord }
  | { readonly kind: 'refused'; readonly record: ClaimRecord };

/** The whole acquire-or-steal rule in one place; stores only make its outcome atomic. */
export function decideAcquire(current: ClaimRecord | undefined, request: AcquireRequest): AcquireDecision {
  const mine = current?.state === 'held' && current.leaseId === request.leaseId;
  if (current !== undefined && mine) return { kind: 'already-mine', record: current };

  const held = current?.state === 'held';
  const takenByPerson = held && current.holder.kind === 'human';
  const expired = held && !takenByPerson && current.expiresAt + clockSkewMs < request.now;
  const abandoned = held && !takenByPerson && request.holderIsDead;
  if (current !== undefined && held && !expired && !abandoned) return { kind: 'refused', record: current };

  const record: ClaimRecord = {
    schema: 1,
    key: request.key,
    state: 'held',
    holder: request.holder,
    leaseId: request.leaseId,
    fence: (current?.fence ?? 0) + 1,
    acquiredAt: request.now,
    expiresAt: request.now + request.ttlMs,
    ttlMs: request.ttlMs,
  };
  return held ? { kind: 'granted', record, stolenFrom: current } : { kind: 'granted', record };
}

/** Whether a lease still is the current one; the check before every write to the forge. */
export function isCurrent(record: ClaimRecord | undefined, lease: Lease): boolean {
  return record?.state === 'held' && record.leaseId === lease.leaseId && record.fence === lease.fence;
}

export function released(record: ClaimRecord): ClaimRecord {
  return { ...record, state: 'free' };
}

/** As outputs and reports name a claim: `github/octo/slug/issues/1 fence 3`. */
export function leaseText({ key, fence }: Lease): string {
  return `${key} fence ${fence}`;
}

export function leaseOf(record: ClaimRecord): Lease {
  return { key: record.key, leaseId: record.leaseId, fence: record.fence, expiresAt: record.expiresAt };
}
