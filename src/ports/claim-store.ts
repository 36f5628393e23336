import type { ClaimHolder, ClaimKey, ClaimRecord, Lease } from '../domain/claim.ts';

export type AcquireResult =
  | { readonly kind: 'granted'; readonly lease: Lease; readonly stolenFrom?: ClaimRecord }
  | { readonly kind: 'refused'; readonly record: ClaimRecord };

export interface AcquireOptions {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  /** Asked only when the claim is held by an agent's workflow run: does that run still live? */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
}

/** Who works on what. At most one holder a key; the fence grows with every grant and never shrinks. */
export interface ClaimStore {
  acquire(options: AcquireOptions): Promise<AcquireResult>;
  /** Longer lease, same fence; undefined when the lease is no longer the current one. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  /** Frees the claim and keeps its fence; false when the lease was no longer the current one (somebody else's now). */
  release(lease: Lease): Promise<boolean>;
  read(key: ClaimKey): Promise<ClaimRecord | undefined>;
}
