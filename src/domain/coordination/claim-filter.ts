import { type ClaimHolder, type ClaimRecord, isExpired } from '../claim.ts';

/** Which claims a list is about; absent members leave none out. */
export interface ClaimFilter {
  readonly state?: ClaimRecord['state'];
  readonly kind?: ClaimHolder['kind'];
  /** `github/octo/slug/`: keys that begin so. */
  readonly prefix?: string;
  /** Held by agents, past their lease (and the allowed skew) at this moment. */
  readonly expiredAt?: number;
}

export function passes(record: ClaimRecord, { state, kind, prefix, expiredAt }: ClaimFilter): boolean {
  const inState = state === undefined || record.state === state;
  const ofKind = kind === undefined || record.holder.kind === kind;
  const named = prefix === undefined || record.key.startsWith(prefix);
  const late = expiredAt === undefined || isExpired(record, expiredAt);
  return inState && ofKind && named && late;
}
