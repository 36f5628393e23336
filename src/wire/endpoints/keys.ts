import * as z from 'zod';
import { accessRoles } from '../../domain/access/api-key.ts';
import { apiKey, apiKeyName, keyRepositories } from '../api-key.ts';
import { adminsOnly, type Endpoint } from '../endpoint.ts';
import { id } from '../text.ts';

const params = z.strictObject({ id });
const missing = z.strictObject({ kind: z.literal('missing') });
const secret = z.string().meta({ description: 'The key itself; it is told this once and kept only as a hash' });
const year = 366 * 24 * 60 * 60_000;
const week = 7 * 24 * 60 * 60_000;

export const createKey = {
  id: 'createKey',
  method: 'POST',
  path: '/v1/keys',
  tag: 'keys',
  summary: 'Make an API key',
  access: adminsOnly,
  body: z.strictObject({
    name: apiKeyName,
    role: z.enum(accessRoles),
    repositories: keyRepositories.exactOptional(),
    expiresInMs: z.number().int().min(1_000).max(year).exactOptional(),
  }),
  status: 201,
  answer: z.strictObject({ key: apiKey, secret }),
  refusal: z.strictObject({ kind: z.literal('exists'), name: apiKeyName }),
  secretAnswer: true,
} as const satisfies Endpoint;

export const listKeys = {
  id: 'listKeys',
  method: 'GET',
  path: '/v1/keys',
  tag: 'keys',
  summary: 'All API keys, without their secrets',
  access: adminsOnly,
  answer: z.strictObject({ keys: z.array(apiKey) }),
} as const satisfies Endpoint;

export const revokeKey = {
  id: 'revokeKey',
  method: 'DELETE',
  path: '/v1/keys/{id}',
  tag: 'keys',
  summary: 'Revoke an API key, at once and for good',
  access: adminsOnly,
  params,
  answer: z.strictObject({ key: apiKey }),
  refusal: missing,
} as const satisfies Endpoint;

export const rotateKey = {
  id: 'rotateKey',
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  tag: 'keys',
  summary: 'A new secret for a key; the old one counts until the overlap ends',
  access: adminsOnly,
  params,
  body: z.strictObject({ overlapMs: z.number().int().min(0).max(week).exactOptional() }),
  answer: z.strictObject({ key: apiKey, secret }),
  refusal: z.discriminatedUnion('kind', [missing, z.strictObject({ kind: z.literal('revoked'), key: apiKey })]),
  secretAnswer: true,
} as const satisfies Endpoint;
