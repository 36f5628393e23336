import type { z as Zod } from 'zod';

/** Files that an agent hands over, or that an earlier run left. zod is given, for it is loaded late. */
export function patchSchema(z: typeof Zod) {
  const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
  const text = (maxLength: number) => z.string().max(maxLength);
  const sha = z.string().regex(/^[0-9a-f]{40}$/, 'not an object id');
  const lines = z.strictObject({ added: count, removed: count });
  const path = z.string().min(1).max(4_096);
  const file = z.discriminatedUnion('change', [
    z.strictObject({
      change: z.enum(['added', 'modified']),
      path,
      mode: z.enum(['100644', '100755', '120000', '160000']),
      sizeBytes: count,
      blobSha: sha,
      encoding: z.enum(['utf-8', 'base64']),
      content: text(64 * 1024 * 1024),
      lines: lines.exactOptional(),
    }),
    z.strictObject({ change: z.literal('deleted'), path, lines: lines.exactOptional() }),
  ]);
  return z.strictObject({
    schema: z.literal(1),
    runId: text(64),
    base: z.strictObject({ sha, treeSha: sha }),
    treeSha: sha,
    files: z.array(file).max(10_000),
  });
}
