import { checkHistory, type Verdict } from './check-history.ts';
import { type ClaimRules, claimModel, gripName } from './claim-model.ts';
import type { ClaimAnswer, ClaimCall, ClaimOperation } from './claim-operation.ts';
import type { ClaimState } from './claim-state.ts';
import { fencesShown } from './fences-shown.ts';

/**
 * Whether the history of one key is one that the claim algebra allows. Renewals and effects that may still come when all is
 * over are not searched for a place: whatever they could explain is allowed for from the beginning. With them a few hundred
 * killed callers would make more cases than can be looked at.
 */
export function checkClaimHistory(
  operations: readonly ClaimOperation[],
  rules: Pick<ClaimRules, 'waitMs' | 'clockErrorMs'>,
): Verdict<ClaimState, ClaimCall, ClaimAnswer> {
  const leaseOfFence = new Map<number, string>();
  for (const { fence, leaseId } of fencesShown(operations)) leaseOfFence.set(fence, leaseId);
  const mayBeRenewed = new Set<string>();
  const mayBeBegun = new Set<string>();
  const searched = operations.filter(({ call, result, end }) => {
    const late = result === undefined && end === Number.POSITIVE_INFINITY;
    if (!late) return true;
    if (call.kind === 'renew') mayBeRenewed.add(gripName(call));
    if (call.kind === 'effect') mayBeBegun.add(call.effect);
    return call.kind !== 'renew' && call.kind !== 'effect';
  });
  return checkHistory(claimModel({ ...rules, leaseOfFence, mayBeRenewed, mayBeBegun }), searched);
}
