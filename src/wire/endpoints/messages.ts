import * as z from 'zod';
import { type Endpoint, operatorsOnly, readers, workers } from '../endpoint.ts';
import { wireLimits } from '../limits.ts';
import { agentMessage } from '../message.ts';
import { claimKey, id, positive, receipt } from '../text.ts';

export const sendMessage = {
  id: 'sendMessage',
  method: 'POST',
  path: '/v1/messages',
  tag: 'messages',
  summary: 'Send a message from agent to agent; the same id is taken in once',
  access: workers,
  body: z.strictObject({ message: agentMessage }),
  answer: z.strictObject({ kind: z.enum(['sent', 'duplicate']) }),
} as const satisfies Endpoint;

export const receiveMessages = {
  id: 'receiveMessages',
  method: 'POST',
  path: '/v1/messages/receive',
  tag: 'messages',
  summary: 'The oldest messages for a reader, in order within each task, invisible to others for a while',
  access: operatorsOnly,
  body: z.strictObject({
    to: id,
    limit: z.number().int().min(1).max(100),
    visibilityMs: z.number().int().min(1).max(wireLimits.visibilityMs),
  }),
  answer: z.strictObject({
    messages: z.array(z.strictObject({ message: agentMessage, receipt, deliveries: positive })),
  }),
} as const satisfies Endpoint;

export const acknowledgeMessage = {
  id: 'acknowledgeMessage',
  method: 'POST',
  path: '/v1/messages/acknowledge',
  tag: 'messages',
  summary: 'A message was dealt with; false when the receipt is no longer the current one',
  access: operatorsOnly,
  body: z.strictObject({ receipt }),
  answer: z.strictObject({ acknowledged: z.boolean() }),
} as const satisfies Endpoint;

export const redriveMessage = {
  id: 'redriveMessage',
  method: 'POST',
  path: '/v1/messages/redrive',
  tag: 'messages',
  summary: 'Deliver a dead message anew',
  access: operatorsOnly,
  body: z.strictObject({ id }),
  answer: z.strictObject({ redriven: z.boolean() }),
} as const satisfies Endpoint;

export const listMessages = {
  id: 'listMessages',
  method: 'GET',
  path: '/v1/messages',
  tag: 'messages',
  summary: 'All messages about one task (`task`), or those that one reader did not take (`dead`)',
  access: readers,
  query: z.strictObject({ task: claimKey.exactOptional(), dead: id.exactOptional() }),
  answer: z.strictObject({ messages: z.array(agentMessage) }),
} as const satisfies Endpoint;
