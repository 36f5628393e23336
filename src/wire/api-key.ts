import * as z from 'zod';
import { type ApiKey, accessRoles } from '../domain/access/api-key.ts';
import { exactly } from './exactly.ts';
import { repositoryName } from './task.ts';
import { id, moment, someText, text } from './text.ts';

export const apiKeyName = someText(100).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits and . _ - only');
export const keyRepositories = z.array(repositoryName).min(1).max(100);

/** A key as everybody may see it: never its secret, never the hash. */
export const apiKey = exactly<ApiKey>('ApiKey')(
  z.strictObject({
    id,
    name: apiKeyName,
    role: z.enum(accessRoles),
    repositories: keyRepositories.exactOptional(),
    createdAt: moment,
    createdBy: text(200),
    expiresAt: moment.exactOptional(),
    lastUsedAt: moment.exactOptional(),
    rotatedAt: moment.exactOptional(),
    oldSecretUntil: moment.exactOptional(),
    revokedAt: moment.exactOptional(),
  }),
);
