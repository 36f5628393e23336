import * as z from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import { EntropyError } from '../../domain/error.ts';

const release = z.object({
  id: z.string().regex(/^[\w.-]{1,100}$/),
  version: z.string(),
  commit: z.string(),
  deployedAt: z.string().optional(),
});

const schema = z.object({
  schema: z.literal(1),
  stack: z.string(),
  account: z.string().regex(/^[0-9]{12}$/),
  region: z.string(),
  app: z
    .object({
      id: z.int().positive(),
      slug: z.string(),
      page: z.string(),
      owner: z.string(),
      ownerId: z.int().positive().optional(),
    })
    .optional(),
  tableName: z.string().optional(),
  webhookUrl: z.string().optional(),
  apiUrl: z.string().optional(),
  rotation: z.string().optional(),
  releases: z.array(release),
});

/** What an earlier deployment wrote down; E102 for what somebody else made of it. */
export function readDeployment(text: string, file: string): Deployment {
  const parsed = schema.safeParse(jsonIn(text));
  if (parsed.success) return withoutUndefined(parsed.data);
  throw new EntropyError({
    code: 'E102',
    message: `${file} is not what a deployment wrote: ${parsed.error.issues[0]?.message ?? 'no JSON'}`,
    fix: 'move it away and run entropy-playground deploy again: what it held is read back from AWS and GitHub',
  });
}

/** `undefined` and absent are two things to our types, and one to JSON. */
function withoutUndefined(parsed: z.output<typeof schema>): Deployment {
  return JSON.parse(JSON.stringify(parsed));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
