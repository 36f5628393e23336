import { checkHistory, type Verdict } from './check-history.ts';
import { type ClaimRules, claimModel } from './claim-model.ts';
import type { ClaimAnswer, ClaimCall, ClaimOperation } from './claim-operation.ts';
import type { ClaimState } from './claim-state.ts';
import { fencesShown } from './fences-shown.ts';

/** Whether the history of one key is one that the claim algebra allows. */
export function checkClaimHistory(
  operations: readonly ClaimOperation[],
  rules: Omit<ClaimRules, 'leaseOfFence'>,
): Verdict<ClaimState, ClaimCall, ClaimAnswer> {
  const leaseOfFence = new Map<number, string>();
  for (const { fence, leaseId } of fencesShown(operations)) leaseOfFence.set(fence, leaseId);
  return checkHistory(claimModel({ ...rules, leaseOfFence }), operations);
}
