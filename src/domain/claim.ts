import type { AgentIdentity } from './agent-identity.ts';
import type { HeldReservation, Reservation } from './coordination/budget-record.ts';
import type { TeamApproval } from './stages/team-approval.ts';

/** What a claim is about: `github/<owner>/<repo>/issues/42`, `github/<owner>/<repo>/pulls/43/review`. */
export type ClaimKey = string;

export interface ClaimHolder {
  readonly owner: string;
  readonly runId: string;
  readonly kind: 'agent' | 'human';
  /** Where the run can be looked up while it lives: GitHub's own workflow run id, attempt and a link. */
  readonly workflowRun?: { readonly id: number; readonly attempt: number; readonly url: string };
  readonly reason: string;
  /** Login of the person for whom the run works: it goes on for them when a check fails, say, if they still may. */
  readonly askedBy?: string;
  /** What that person had before their eyes: what goes on for them is bound to it. */
  readonly approval?: TeamApproval;
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

/** Looking at a pull request hinders neither its coder, who holds the issue, nor somebody who looks for something else. */
export function pullClaimKey(owner: string, name: string, pull: number, look: 'review' | 'verification'): ClaimKey {
  return `github/${owner}/${name}/pulls/${pull}/${look}`.toLowerCase();
}

/** Of somebody who looks at a pull request: no issue is worked on under it, so no task moves with it. */
export function isLookKey(key: ClaimKey): boolean {
  return /^github\/[^/]+\/[^/]+\/pulls\/[1-9][0-9]{0,9}\/(?:review|verification)$/.test(key);
}

export interface AcquireRequest {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  /** What is taken from budgets together with the claim. */
  readonly reserve?: Reservation;
  readonly now: number;
  /** Fences up to here count as granted, whatever the record says: what a restored backup may not know of. */
  readonly fenceFloor?: number;
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
  const abandoned = held && current.holder.kind === 'agent' && request.holderIsDead;
  const takeable = !held || abandoned || isExpired(current, request.now);
  if (current !== undefined && !takeable) return { kind: 'refused', record: current };

  const record = grant(current, request);
  return held ? { kind: 'granted', record, stolenFrom: current } : { kind: 'granted', record };
}

export interface TakeOverRequest {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  readonly now: number;
  readonly fenceFloor?: number;
  /** The fence that the person saw when deciding. */
  readonly expectedFence?: number;
}

export type TakeOverDecision =
  | { readonly kind: 'granted'; readonly record: ClaimRecord; readonly takenFrom?: ClaimRecord }
  | { readonly kind: 'already-mine'; readonly record: ClaimRecord }
  | { readonly kind: 'refused'; readonly record: ClaimRecord };

/** A person's decision counts for more than any lease, but only about the state of things that the person saw. */
export function decideTakeOver(current: ClaimRecord | undefined, request: TakeOverRequest): TakeOverDecision {
  const mine = current?.state === 'held' && current.leaseId === request.leaseId;
  if (current !== undefined && mine) return { kind: 'already-mine', record: current };

  const movedOn = request.expectedFence !== undefined && current?.fence !== request.expectedFence;
  if (current !== undefined && movedOn) return { kind: 'refused', record: current };

  const record = grant(current, request);
  return current?.state === 'held' ? { kind: 'granted', record, takenFrom: current } : { kind: 'granted', record };
}

/** Every grant, however it came about: the next fence, a whole lease from now. */
function grant(current: ClaimRecord | undefined, request: Omit<AcquireRequest, 'holderIsDead'>): ClaimRecord {
  const { key, holder, leaseId, ttlMs, now, reserve, fenceFloor = 0 } = request;
  const reservation = reserve && { keys: reserve.draws.map((draw) => draw.key), amounts: reserve.amounts };
  return {
    schema: 1,
    key,
    state: 'held',
    holder,
    leaseId,
    fence: Math.max(current?.fence ?? 0, fenceFloor) + 1,
    acquiredAt: now,
    expiresAt: now + ttlMs,
    ttlMs,
    ...(reservation && { reservation }),
  };
}

/** Past its lease and the difference that clocks may have. People's claims do not expire. */
export function isExpired(record: ClaimRecord, now: number): boolean {
  const byAgent = record.state === 'held' && record.holder.kind === 'agent';
  return byAgent && record.expiresAt + clockSkewMs < now;
}

/** Whether a lease still is the current one; the check before every write to the forge. */
export function isCurrent(record: ClaimRecord | undefined, lease: Lease): boolean {
  return record?.state === 'held' && isSameGrant(record, lease);
}

/** Whether the newest grant of the key is this lease's, held or released since. */
export function isSameGrant(record: ClaimRecord | undefined, lease: Lease): boolean {
  return record?.leaseId === lease.leaseId && record.fence === lease.fence;
}

/** Free, with its fence: the next grant is higher. What was reserved is no longer the claim's. */
export function released(record: ClaimRecord): ClaimRecord {
  const { reservation: _settled, ...rest } = record;
  return { ...rest, state: 'free' };
}

/** A renewal never makes a lease shorter: the holder may count on what it was promised, even if the clock jumps back. */
export function renewed(
  record: ClaimRecord,
  renewal: { readonly ttlMs: number; readonly now: number; readonly progress: boolean },
): ClaimRecord {
  const { ttlMs, now, progress } = renewal;
  const expiresAt = Math.max(record.expiresAt, now + ttlMs);
  return { ...record, expiresAt, ttlMs, progressAt: progress ? now : (record.progressAt ?? record.acquiredAt) };
}

/** As outputs and reports name a claim: `github/octo/slug/issues/1 fence 3`. */
export function leaseText({ key, fence }: Lease): string {
  return `${key} fence ${fence}`;
}

export function leaseOf(record: ClaimRecord): Lease {
  return { key: record.key, leaseId: record.leaseId, fence: record.fence, expiresAt: record.expiresAt };
}
