import * as z from 'zod';
import { artifactName, artifactRules, artifactTypes } from '../../domain/artifact.ts';
import { anybody, type Endpoint, readers, workers } from '../endpoint.ts';
import { count, id, moment, someText } from '../text.ts';

const params = z.strictObject({ id });
const name = z
  .string()
  .max(60)
  .regex(artifactName, 'no name of an artifact')
  .meta({ examples: ['trajectory.jsonl.gz', 'patch.json', 'result.json', 'agent.log'] });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in hexadecimal digits');
const contentType = z.enum(artifactTypes);
const bytes = z.number().int().nonnegative().max(artifactRules.bytes);
const transfer = z.strictObject({
  method: z.enum(['PUT', 'GET']),
  url: someText(8_000).meta({ description: 'Absolute, or a path at this coordinator' }),
  headers: z
    .record(z.string(), z.string())
    .meta({ description: 'To be sent exactly so: the address is signed with them' }),
  expiresAt: moment,
});
const refused = <Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind) });

export const uploadArtifact = {
  id: 'uploadArtifact',
  method: 'POST',
  path: '/v1/runs/{id}/artifacts',
  tag: 'runs',
  summary: 'An address where this very file of the run may be put, once; `exists`: the same bytes are there',
  access: workers,
  params,
  body: z.strictObject({ name, bytes, sha256, contentType }),
  answer: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('upload'), transfer }), refused('exists')]),
  refusal: z.discriminatedUnion('kind', [
    refused('occupied'),
    z.strictObject({ kind: z.literal('full'), limit: z.enum(['bytes', 'count']) }),
    refused('missing'),
  ]),
  // The address is good for minutes, a kept answer lies for a day.
  repeatable: true,
} as const satisfies Endpoint;

export const listArtifacts = {
  id: 'listArtifacts',
  method: 'GET',
  path: '/v1/runs/{id}/artifacts',
  tag: 'runs',
  summary: 'The files that are kept of a run: trajectory, patch, result, logs',
  access: readers,
  params,
  answer: z.strictObject({
    artifacts: z.array(z.strictObject({ name: someText(200), bytes: count, storedAt: moment })),
  }),
  refusal: refused('missing'),
} as const satisfies Endpoint;

export const downloadArtifact = {
  id: 'downloadArtifact',
  method: 'GET',
  path: '/v1/runs/{id}/artifacts/{name}',
  tag: 'runs',
  summary: 'An address where a file of the run may be read for a few minutes',
  access: readers,
  params: z.strictObject({ id, name }),
  answer: z.strictObject({
    artifact: z.strictObject({ name: someText(200), bytes: count, sha256, contentType, storedAt: moment }),
    transfer,
  }),
  refusal: refused('missing'),
} as const satisfies Endpoint;

const token = z.strictObject({
  token: z
    .string()
    .max(4_000)
    .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'no token'),
});

/** Its body are the bytes themselves; what allows it is the signed address. */
export const putObject = {
  id: 'putObject',
  method: 'PUT',
  path: '/v1/objects/{token}',
  tag: 'objects',
  summary: 'Where this coordinator keeps files itself: puts the one that the address was made for',
  access: anybody,
  params: token,
  answer: z.strictObject({ kind: z.literal('stored') }),
} as const satisfies Endpoint;

/** Its answer are the bytes. */
export const getObject = {
  id: 'getObject',
  method: 'GET',
  path: '/v1/objects/{token}',
  tag: 'objects',
  summary: 'Gives the file that the address was made for',
  access: anybody,
  params: token,
  answer: z.string(),
  refusal: refused('missing'),
} as const satisfies Endpoint;
