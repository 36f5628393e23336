import type { ChangePlan, HeldRecord } from '../domain/held/plan.ts';
import { maxPlanText } from '../domain/held/word-plan-text.ts';
import { isObject } from '../domain/json-shape.ts';
import { isRoleName } from '../domain/roles/role.ts';

/**
 * What lies under a hidden ref, as a value of ours; undefined when it is anything else. Whoever may push can write there, so
 * nothing is believed: the shape here, the hash by whoever approves, the hand-over in it once more by the publisher.
 */
export async function parseHeldRecord(text: string): Promise<HeldRecord | undefined> {
  schema ??= heldRecordSchema();
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

let schema: ReturnType<typeof heldRecordSchema> | undefined;

async function heldRecordSchema() {
  const { z } = await import('zod');
  const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
  const text = (maxLength: number) => z.string().max(maxLength);
  const sha = z.string().regex(/^[0-9a-f]{40}$/);
  const path = z.string().min(1).max(4_096);
  const lines = z.strictObject({ added: count, removed: count });
  const file = z.discriminatedUnion('change', [
    z.strictObject({
      change: z.enum(['added', 'modified']),
      path,
      mode: z.enum(['100644', '100755']),
      sizeBytes: count,
      blobSha: sha,
      encoding: z.enum(['utf-8', 'base64']),
      lines: lines.exactOptional(),
    }),
    z.strictObject({ change: z.literal('deleted'), path, lines: lines.exactOptional() }),
  ]);
  const frame = {
    schema: z.literal(1),
    repository: text(200),
    issue: count.positive(),
    runId: z.string().regex(/^[0-9A-Za-z]{1,64}$/),
    fence: count,
    role: z.string().refine(isRoleName),
    askedBy: text(100),
    base: z.strictObject({ branch: text(255), sha }),
    continues: z.strictObject({ branch: text(255), headSha: sha, pullRequest: count.positive() }).exactOptional(),
    expiresAt: count,
  };
  const change = z.strictObject({
    ...frame,
    kind: z.literal('change'),
    patch: z.strictObject({
      schema: z.literal(1),
      base: z.strictObject({ sha, treeSha: sha }),
      treeSha: sha,
      files: z.array(file).min(1).max(3_000),
    }),
    reasons: z
      .array(z.strictObject({ rule: z.enum(['review-required', 'tests-weakened']), path, message: text(2_000) }))
      .max(10_000),
    // Parsed by `parseRunResult` before anything is made of it.
    result: z.custom<ChangePlan['result']>(isObject),
  });
  // Its comment holds all of it, so it is as short as a comment.
  const words = text(maxPlanText);
  const step = z.strictObject({ title: words, detail: words, paths: z.array(path).max(300) });
  const inWords = z.strictObject({
    ...frame,
    kind: z.literal('plan'),
    report: z.strictObject({
      kind: z.literal('plan'),
      summary: words,
      steps: z.array(step).min(1).max(200),
      tests: z.array(words).max(200),
      risks: z.array(words).max(200),
    }),
    model: text(200),
  });
  const plan = z.discriminatedUnion('kind', [change, inWords]);
  return z.strictObject({
    schema: z.literal(1),
    plan,
    change: sha,
    comment: z.strictObject({ id: count.positive(), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  });
}
