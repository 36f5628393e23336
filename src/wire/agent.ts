import * as z from 'zod';
import { type AgentIdentity, maxCapabilities, roles } from '../domain/agent-identity.ts';
import { exactly } from './exactly.ts';
import { id, someText } from './text.ts';

export const agentIdentity = exactly<AgentIdentity>('AgentIdentity')(
  z.strictObject({
    id,
    role: z.enum(roles),
    capabilities: z.array(someText(100)).max(maxCapabilities).exactOptional(),
    version: someText(100),
    model: someText(200),
  }),
);
