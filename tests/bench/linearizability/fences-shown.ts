import type { ClaimOperation } from './claim-operation.ts';

/** Every fence that an answer shows, with the lease that it is shown to be of. */
export function* fencesShown(
  operations: readonly ClaimOperation[],
): Iterable<{ readonly fence: number; readonly leaseId: string }> {
  for (const { call, result } of operations) {
    if (result?.kind === 'granted' && 'leaseId' in call) yield { fence: result.fence, leaseId: call.leaseId };
    if (result?.kind === 'granted' && result.from !== undefined) yield result.from;
    if (result !== undefined && 'seen' in result && result.seen !== undefined) yield result.seen;
  }
}
