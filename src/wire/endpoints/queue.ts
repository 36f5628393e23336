import * as z from 'zod';
import { adminsOnly, type Endpoint, operatorsOnly } from '../endpoint.ts';
import { count, moment, someText, text } from '../text.ts';

/** Without the body of the work: it is what GitHub sent, and may hold anything. */
export const queueLetter = z.strictObject({
  id: text(2_000),
  task: text(2_000),
  role: text(2_000),
  reason: z.enum(['too-many-deliveries', 'expired', 'rejected']),
  detail: text(2_000).exactOptional(),
  deliveries: count,
  diedAt: moment.exactOptional(),
});

export const readQueue = {
  id: 'readQueue',
  method: 'GET',
  path: '/v1/queue',
  tag: 'queue',
  summary: 'How much work waits, is held back, is at work and is dead',
  access: operatorsOnly,
  answer: z.strictObject({
    waiting: count,
    delayed: count,
    inFlight: count,
    dead: count,
    oldestMs: count.exactOptional(),
  }),
} as const satisfies Endpoint;

export const listDeadLetters = {
  id: 'listDeadLetters',
  method: 'GET',
  path: '/v1/queue/dead',
  tag: 'queue',
  summary: 'Work that was given up, with the reason',
  access: operatorsOnly,
  query: z.strictObject({ limit: z.number().int().min(1).max(100).exactOptional() }),
  answer: z.strictObject({ letters: z.array(queueLetter) }),
} as const satisfies Endpoint;

export const redriveQueue = {
  id: 'redriveQueue',
  method: 'POST',
  path: '/v1/queue/redrive',
  tag: 'queue',
  summary: 'Hand dead letters out anew, all or those named; tells how many',
  access: adminsOnly,
  body: z.strictObject({ ids: z.array(someText(2_000)).min(1).max(1_000).exactOptional() }),
  answer: z.strictObject({ redriven: count }),
} as const satisfies Endpoint;
