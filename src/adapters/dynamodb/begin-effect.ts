import type { Lease } from '../../domain/claim.ts';
import { fenceEpoch } from '../../domain/coordination/restored-claims.ts';
import type { EffectResult } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { toAttributes } from './attribute-values.ts';
import { readClaim } from './claim-item.ts';
import { effectUpdate } from './claim-updates.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { claimKey, effectKey } from './item-keys.ts';

/**
 * One transaction: the fence is current, and the effect is put where nobody put it before. Effects are kept for good, as
 * fences are, so an effect that is tried again after years is still told as begun.
 */
export async function beginEffect(
  table: DynamoTable,
  clock: Clock,
  { lease, effect }: { readonly lease: Lease; readonly effect: string },
): Promise<EffectResult> {
  const { key, fence, leaseId } = lease;
  const now = clock.now();
  const { key: _claim, ...update } = effectUpdate(lease, effect, now);
  const item = { ...effectKey(key, effect), claim: key, effect, fence, leaseId, at: now };
  const outcome = await table.transact([
    {
      Update: {
        TableName: table.name,
        Key: toAttributes(claimKey(key)),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...update,
      },
    },
    {
      Put: {
        TableName: table.name,
        Item: toAttributes(item),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ]);
  // Only a floor lifts a fence so high: the table was restored, and has forgotten what was begun after its backup.
  if (outcome.kind === 'written') return { kind: 'may-act', before: fence > fenceEpoch ? 'unknown' : 'never' };
  const [claim] = outcome.outcomes;
  if (claim === undefined || claim.held) return { kind: 'may-act', before: 'begun' };
  return { kind: 'stale', ...(claim.current && { record: readClaim(claim.current).record }) };
}
