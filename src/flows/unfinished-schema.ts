import { longestMemory } from '../agent/memory.ts';
import type { UnfinishedWork } from '../domain/unfinished/unfinished-work.ts';
import { patchSchema } from './patch-schema.ts';

/** What lies under the hidden ref, as a value of ours; undefined when it is anything else. Whoever may push can write there. */
export async function parseUnfinished(text: string): Promise<UnfinishedWork | undefined> {
  schema ??= unfinishedSchema();
  const parsed = (await schema).safeParse(readJson(text));
  return parsed.success ? parsed.data : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one more way not to be a record of ours.
    return undefined;
  }
}

let schema: ReturnType<typeof unfinishedSchema> | undefined;

async function unfinishedSchema() {
  const { z } = await import('zod');
  const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
  return z.strictObject({
    schema: z.literal(1),
    issue: count.positive(),
    runId: z.string().regex(/^[0-9A-Za-z]{1,64}$/),
    fence: count,
    patch: patchSchema(z),
    commit: z.string().regex(/^[0-9a-f]{40}$/),
    memory: z.string().max(longestMemory).exactOptional(),
  });
}
