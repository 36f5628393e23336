import * as z from 'zod';
import { tokenPurposes } from '../../domain/dispatch/run-token.ts';
import { type Endpoint, runnersOnly } from '../endpoint.ts';
import { runRecord } from '../run.ts';
import { id, moment, someText } from '../text.ts';

const params = z.strictObject({ id });
const refused = <Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind) });

export const pickUpRun = {
  id: 'pickUpRun',
  method: 'POST',
  path: '/v1/runs/{id}/pick-up',
  tag: 'runs',
  summary: 'The workflow run that was dispatched begins the run and gets its task; which one it is, its token says',
  access: runnersOnly,
  params,
  answer: z.strictObject({
    run: runRecord,
    task: someText(8 * 1024 * 1024).meta({ description: 'task.json as it was written: its bytes count' }),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  refusal: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('over'), run: runRecord }),
    z.strictObject({ kind: z.literal('taken'), run: runRecord }),
    z.strictObject({ kind: z.literal('stop-requested'), run: runRecord }),
    refused('stale'),
    refused('no-task'),
    refused('missing'),
  ]),
  repeatable: true,
} as const satisfies Endpoint;

export const mintRunToken = {
  id: 'mintRunToken',
  method: 'POST',
  path: '/v1/runs/{id}/token',
  tag: 'runs',
  summary:
    "A token of the coordinator's GitHub App for the run's repository, while the workflow run carries the run out",
  access: runnersOnly,
  params,
  body: z.strictObject({
    purpose: z
      .enum(tokenPurposes)
      .meta({ description: '`read`: contents read. `publish`: contents, issues and pull requests write' }),
  }),
  answer: z.strictObject({
    token: someText(1_000),
    expiresAt: moment,
    author: someText(200),
    repository: someText(200),
    permissions: z.record(z.string(), z.enum(['read', 'write'])),
  }),
  refusal: z.discriminatedUnion('kind', [
    refused('over'),
    refused('taken'),
    refused('stale'),
    refused('no-task'),
    refused('not-installed'),
    refused('missing'),
  ]),
  secretAnswer: true,
} as const satisfies Endpoint;
