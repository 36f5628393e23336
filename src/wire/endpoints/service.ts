import * as z from 'zod';
import { anybody, type Endpoint, viewersOnly } from '../endpoint.ts';
import { text } from '../text.ts';

export const health = {
  id: 'health',
  method: 'GET',
  path: '/healthz',
  tag: 'service',
  summary: 'The process lives',
  access: anybody,
  answer: z.strictObject({ status: z.literal('ok'), version: text(100) }),
} as const satisfies Endpoint;

export const readiness = {
  id: 'readiness',
  method: 'GET',
  path: '/readyz',
  tag: 'service',
  summary: 'The store can be written to, and the process is not about to end',
  access: anybody,
  answer: z.strictObject({ status: z.literal('ready') }),
} as const satisfies Endpoint;

/** Its answer is Prometheus' text format. */
export const metrics = {
  id: 'metrics',
  method: 'GET',
  path: '/metrics',
  tag: 'service',
  summary: 'Requests, latencies, claims held, depth of the queue, what is left of budgets',
  access: viewersOnly,
  answer: z.string(),
} as const satisfies Endpoint;

/** Its body is GitHub's own; what proves it is the signature over its bytes, not a key. */
export const githubWebhook = {
  id: 'githubWebhook',
  method: 'POST',
  path: '/v1/webhooks/github',
  tag: 'webhooks',
  summary: 'A delivery of GitHub: its signature is checked, each delivery is dealt with once',
  access: anybody,
  answer: z.strictObject({ kind: z.enum(['mirrored', 'ignored', 'duplicate']) }),
} as const satisfies Endpoint;

export const openApi = {
  id: 'openApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'service',
  summary: 'This document',
  access: anybody,
  answer: z.record(z.string(), z.unknown()),
} as const satisfies Endpoint;

/** Its answer is HTML. */
export const docsPage = {
  id: 'docsPage',
  method: 'GET',
  path: '/docs',
  tag: 'service',
  summary: 'This document as a page',
  access: anybody,
  answer: z.string(),
} as const satisfies Endpoint;
