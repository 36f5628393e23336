import { z } from 'zod';
import { type AgentIdentity, roles } from '../domain/agent-identity.ts';
import { exactly } from './exactly.ts';
import { id, someText } from './text.ts';

export const agentIdentity = exactly<AgentIdentity>('AgentIdentity')(
  z.strictObject({
    id,
    role: z.enum(roles),
    version: someText(100),
    model: someText(200),
  }),
);
