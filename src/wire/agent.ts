import * as z from 'zod';
import { type AgentIdentity, maxCapabilities } from '../domain/agent-identity.ts';
import { longestRoleName, roleNamePattern, roleNameRule } from '../domain/roles/role.ts';
import { exactly } from './exactly.ts';
import { id, someText } from './text.ts';

export const agentIdentity = exactly<AgentIdentity>('AgentIdentity')(
  z.strictObject({
    id,
    role: z.string().max(longestRoleName).regex(roleNamePattern, roleNameRule),
    capabilities: z.array(someText(100)).max(maxCapabilities).exactOptional(),
    version: someText(100),
    model: someText(200),
  }),
);
