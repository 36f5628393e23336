import * as z from 'zod';
import { type AgentMessage, messageTypes } from '../domain/coordination/message.ts';
import { exactly } from './exactly.ts';
import { claimKey, id, moment, text } from './text.ts';

export const agentMessage = exactly<AgentMessage>('AgentMessage')(
  z.strictObject({
    schema: z.literal(1),
    id,
    type: z.enum(messageTypes),
    task: claimKey,
    from: id,
    to: id,
    sentAt: moment,
    body: z.record(text(200), z.unknown()),
    inReplyTo: id.exactOptional(),
  }),
);
