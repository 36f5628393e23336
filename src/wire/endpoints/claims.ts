import * as z from 'zod';
import { taskStates } from '../../domain/coordination/task-record.ts';
import { amounts, budgetShortage, reservation } from '../budget.ts';
import { claimHolder, claimRecord, lease, ttlMs } from '../claim.ts';
import { type Endpoint, operatorsOnly, readers, workers } from '../endpoint.ts';
import { wireLimits } from '../limits.ts';
import { pageLimit } from '../page.ts';
import { claimKey, count, id, keyPrefix, someText } from '../text.ts';

const claimed = { key: claimKey, holder: claimHolder, leaseId: id, ttlMs };
const params = z.strictObject({ key: claimKey });

export const acquireClaim = {
  id: 'acquireClaim',
  method: 'POST',
  path: '/v1/claims/acquire',
  tag: 'claims',
  summary: 'Take a claim, with its budgets, or learn who holds it',
  access: workers,
  body: z.strictObject({
    ...claimed,
    reserve: reservation.exactOptional(),
    deadLeaseId: id
      .meta({ description: 'The caller asked GitHub and found that the run behind this lease has ended' })
      .exactOptional(),
  }),
  answer: z.strictObject({ kind: z.literal('granted'), lease, stolenFrom: claimRecord.exactOptional() }),
  refusal: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('refused'), record: claimRecord }),
    z.strictObject({ kind: z.literal('over-budget'), shortage: budgetShortage }),
  ]),
} as const satisfies Endpoint;

export const takeOverClaim = {
  id: 'takeOverClaim',
  method: 'POST',
  path: '/v1/claims/take-over',
  tag: 'claims',
  summary: "Take a claim by a person's decision, also from a living holder; the fence grows",
  access: operatorsOnly,
  body: z.strictObject({ ...claimed, expectedFence: count.exactOptional() }),
  answer: z.strictObject({ kind: z.literal('granted'), lease, takenFrom: claimRecord.exactOptional() }),
  refusal: z.strictObject({ kind: z.literal('refused'), record: claimRecord }),
} as const satisfies Endpoint;

export const renewClaim = {
  id: 'renewClaim',
  method: 'POST',
  path: '/v1/claims/renew',
  tag: 'claims',
  summary: 'A longer lease with the same fence',
  access: workers,
  body: z.strictObject({ lease, ttlMs, progress: z.boolean().exactOptional() }),
  answer: z.strictObject({ lease }),
  refusal: z.strictObject({ kind: z.literal('stale') }),
} as const satisfies Endpoint;

export const releaseClaim = {
  id: 'releaseClaim',
  method: 'POST',
  path: '/v1/claims/release',
  tag: 'claims',
  summary: 'Free a claim and settle its reservation; the fence stays',
  access: workers,
  body: z.strictObject({ lease, spent: amounts.exactOptional() }),
  answer: z.strictObject({ kind: z.enum(['released', 'already-released']) }),
  refusal: z.strictObject({ kind: z.literal('not-mine'), record: claimRecord.exactOptional() }),
} as const satisfies Endpoint;

export const beginEffect = {
  id: 'beginEffect',
  method: 'POST',
  path: '/v1/claims/effects',
  tag: 'claims',
  summary: 'Before a write to GitHub: is the fence current, and was this effect begun before?',
  access: workers,
  body: z.strictObject({ lease, effect: someText(500) }),
  answer: z.strictObject({ kind: z.literal('may-act'), before: z.enum(['never', 'begun', 'unknown']) }),
  refusal: z.strictObject({ kind: z.literal('stale'), record: claimRecord.exactOptional() }),
} as const satisfies Endpoint;

export const listClaims = {
  id: 'listClaims',
  method: 'GET',
  path: '/v1/claims',
  tag: 'claims',
  summary: 'Claims in the order of their keys',
  access: readers,
  query: z.strictObject({
    state: z.enum(['free', 'held']).exactOptional(),
    kind: z.enum(['agent', 'human']).exactOptional(),
    prefix: keyPrefix.exactOptional(),
    expired: z.boolean().meta({ description: 'Only those of agents that are past their lease now' }).exactOptional(),
    after: claimKey.meta({ description: 'Go on after this key' }).exactOptional(),
    limit: pageLimit,
  }),
  answer: z.strictObject({
    claims: z.array(claimRecord),
    next: claimKey.meta({ description: 'The `after` of the next page; absent on the last one' }).exactOptional(),
  }),
} as const satisfies Endpoint;

export const readClaim = {
  id: 'readClaim',
  method: 'GET',
  path: '/v1/claims/{key}',
  tag: 'claims',
  summary: 'One claim, held or free',
  access: readers,
  params,
  answer: z.strictObject({ claim: claimRecord }),
  refusal: z.strictObject({ kind: z.literal('missing') }),
} as const satisfies Endpoint;

export const sweepClaims = {
  id: 'sweepClaims',
  method: 'POST',
  path: '/v1/claims/sweep',
  tag: 'claims',
  summary: 'Free the claims of agents that are past their lease, or whose run GitHub reports as over',
  access: workers,
  body: z.strictObject({
    prefix: keyPrefix.exactOptional(),
    staleAfterMs: z
      .number()
      .int()
      .min(1)
      .max(wireLimits.leaseMs)
      .meta({ description: 'Without progress for this long a living run is told of' })
      .exactOptional(),
    dryRun: z.boolean().exactOptional(),
  }),
  answer: z.strictObject({
    freed: z.array(
      z.strictObject({
        claim: claimRecord,
        why: z.enum(['lease-ran-out', 'run-ended']),
        task: z.enum(taskStates).exactOptional(),
      }),
    ),
    stale: z.array(claimRecord),
    looked: count,
  }),
} as const satisfies Endpoint;
