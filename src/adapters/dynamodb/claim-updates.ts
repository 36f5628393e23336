import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type ClaimHolder, type ClaimKey, clockSkewMs, type Lease } from '../../domain/claim.ts';
import { toAttributes } from './attribute-values.ts';
import { listedClaims } from './claim-item.ts';
import type { Update } from './dynamo-table.ts';
import { claimKey, heldShard } from './item-keys.ts';

/**
 * The changes that are one `UpdateItem`: the rule of the domain (`decideAcquire`, `decideRenewal`, `decideRelease`) as a
 * condition. They leave out what touches budgets; a claim with a reservation is ended in a transaction.
 */
export interface AcquireUpdate {
  readonly key: ClaimKey;
  readonly holder: ClaimHolder;
  readonly leaseId: string;
  readonly ttlMs: number;
  readonly now: number;
  /** Fences up to here count as granted (`fence-floor.ts`). */
  readonly fenceFloor: number;
}

const missing = 'attribute_not_exists(pk)';
const free = '#state = :free';
const mine = '#state = :held AND leaseId = :lease AND fence = :fence';
const mineValues = ({ leaseId, fence }: Lease) => ({ ':held': 'held', ':lease': leaseId, ':fence': fence });
const noReservation = 'attribute_not_exists(reservation)';
const nextVersion = 'version = if_not_exists(version, :zero) + :one, #at = :now';
/** What the last change left for the stream, and the next one takes away. */
const ofLastChange = 'opened, spent, effect';
const names = { '#state': 'state', '#at': 'at' };

export function acquireUpdate({ key, holder, leaseId, ttlMs, now, fenceFloor }: AcquireUpdate): Update {
  const expired = '#state = :held AND kind = :agent AND expiresAt < :expiredBefore AND leaseId <> :lease';
  return {
    key: claimKey(key),
    UpdateExpression: `SET #schema = :one, #key = :key, #state = :held, holder = :holder, kind = :kind, leaseId = :lease,
      fence = if_not_exists(fence, :floor) + :one, acquiredAt = :now, expiresAt = :expiresAt, ttlMs = :ttl,
      listed = :listed, heldShard = :shard, #transition = :acquire, ${nextVersion}
      REMOVE progressAt, ${ofLastChange}`,
    ConditionExpression: `${missing} OR (fence >= :floor AND (${free} OR (${expired} AND ${noReservation})))`,
    ExpressionAttributeNames: { ...names, '#schema': 'schema', '#key': 'key', '#transition': 'transition' },
    ExpressionAttributeValues: toAttributes({
      ':key': key,
      ':held': 'held',
      ':free': 'free',
      ':holder': holder,
      ':kind': holder.kind,
      ':agent': 'agent',
      ':lease': leaseId,
      ':floor': fenceFloor,
      ':zero': 0,
      ':one': 1,
      ':now': now,
      ':expiresAt': now + ttlMs,
      ':expiredBefore': now - clockSkewMs,
      ':ttl': ttlMs,
      ':listed': listedClaims,
      ':shard': heldShard(key, holder.kind),
      ':acquire': 'acquire',
    }),
  };
}

export interface RenewUpdate {
  readonly ttlMs: number;
  readonly now: number;
  readonly progress: boolean;
}

/** Refused too when the lease reaches further already: a renewal never makes it shorter. */
export function renewUpdate(lease: Lease, { ttlMs, now, progress }: RenewUpdate): Update {
  const progressAt = progress ? ':now' : 'if_not_exists(progressAt, acquiredAt)';
  return {
    key: claimKey(lease.key),
    UpdateExpression: `SET expiresAt = :expiresAt, ttlMs = :ttl, progressAt = ${progressAt}, #transition = :renew,
      ${nextVersion} REMOVE ${ofLastChange}`,
    ConditionExpression: `${mine} AND expiresAt <= :expiresAt`,
    ExpressionAttributeNames: { ...names, '#transition': 'transition' },
    ExpressionAttributeValues: toAttributes({
      ...mineValues(lease),
      ':zero': 0,
      ':one': 1,
      ':now': now,
      ':expiresAt': now + ttlMs,
      ':ttl': ttlMs,
      ':renew': 'renew',
    }),
  };
}

export function releaseUpdate(lease: Lease, now: number): Update {
  return {
    key: claimKey(lease.key),
    UpdateExpression: `SET #state = :free, #transition = :release, ${nextVersion} REMOVE heldShard, ${ofLastChange}`,
    ConditionExpression: `${mine} AND ${noReservation}`,
    ExpressionAttributeNames: { ...names, '#transition': 'transition' },
    ExpressionAttributeValues: toAttributes({
      ...mineValues(lease),
      ':free': 'free',
      ':zero': 0,
      ':one': 1,
      ':now': now,
      ':release': 'release',
    }),
  };
}

/** Leaves the claim as it is but for its version, so that the stream tells the effect in its place among the changes. */
export function effectUpdate(lease: Lease, effect: string, now: number): Update {
  return {
    key: claimKey(lease.key),
    UpdateExpression: `SET #transition = :transition, effect = :effect, ${nextVersion} REMOVE opened, spent`,
    ConditionExpression: mine,
    ExpressionAttributeNames: { ...names, '#transition': 'transition' },
    ExpressionAttributeValues: toAttributes({
      ...mineValues(lease),
      ':transition': 'effect',
      ':effect': effect,
      ':zero': 0,
      ':one': 1,
      ':now': now,
    }),
  };
}

/** For a transaction that is about something else: the lease is the current one. */
export function leaseHolds(tableName: string, lease: Lease): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: tableName,
      Key: toAttributes(claimKey(lease.key)),
      ConditionExpression: mine,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: toAttributes(mineValues(lease)),
    },
  };
}
