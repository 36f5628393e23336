import { longestMemory } from '../agent/memory.ts';
import { EntropyError } from '../domain/error.ts';
import { outcomes } from '../domain/outcome.ts';
import { maxPassedOver } from '../domain/passed-over.ts';
import { findingAnswers } from '../domain/reports/open-finding.ts';
import type { RunResult } from '../domain/run-result.ts';
import { sandboxRungs } from '../domain/sandbox-rung.ts';
import { patchSchema } from './patch-schema.ts';
import { reportSchema } from './report-schema.ts';

/**
 * The hand-over of the agent job as a value of ours. Strict: unknown keys, wrong types and oversized texts are E603.
 * zod is loaded here, in the publisher, and nowhere that a model's first request waits for.
 */
export async function parseRunResult(value: unknown): Promise<RunResult> {
  schema ??= runResultSchema();
  const parsed = (await schema).safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'result'}: ${issue.message}`);
  throw new EntropyError({
    code: 'E603',
    message: `the hand-over of the agent is not what it should be: ${problems.join('; ')}`,
    fix: 'start the run again; if it happens twice, agent and publisher are of different versions',
  });
}

/** Built once: building costs more than parsing. */
let schema: ReturnType<typeof runResultSchema> | undefined;

async function runResultSchema() {
  const { z } = await import('zod');
  const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
  const milliseconds = z.number().nonnegative().finite();
  const text = (maxLength: number) => z.string().max(maxLength);
  const patch = patchSchema(z);
  const testRun = z.strictObject({
    command: text(10_000),
    exitCode: z.number().int().nullable(),
    timedOut: z.boolean(),
    durationMs: milliseconds,
    output: text(2_000_000),
  });
  const passedOver = z
    .array(
      z.strictObject({
        rung: z.enum(sandboxRungs),
        reason: text(maxPassedOver.reason),
        fix: text(maxPassedOver.fix),
      }),
    )
    .max(maxPassedOver.rungs);
  const leftOut = z.strictObject({ count, paths: z.array(text(4_096)).max(100) });
  const proof = z.discriminatedUnion('room', [
    z.strictObject({ room: z.literal('fresh'), leftOut }),
    z.strictObject({ room: z.literal('own'), why: text(2_000), leftOut, fresh: testRun.exactOptional() }),
  ]);
  return z.strictObject({
    schema: z.literal(1),
    runId: text(64),
    outcome: z.enum(outcomes),
    reason: text(20_000),
    submission: z
      .strictObject({
        title: text(2_000),
        body: text(200_000),
        verified: z.array(text(10_000)).max(200),
        answers: z
          .array(z.strictObject({ fingerprint: text(200), answer: z.enum(findingAnswers), why: text(10_000) }))
          .max(200)
          .exactOptional(),
      })
      .exactOptional(),
    report: reportSchema(z).exactOptional(),
    evidence: z
      .strictObject({
        tests: patch.exactOptional(),
        onBase: testRun.exactOptional(),
        onHead: testRun.exactOptional(),
        suiteOnBase: testRun.exactOptional(),
        suiteOnHead: testRun.exactOptional(),
        missing: text(20_000).exactOptional(),
      })
      .exactOptional(),
    memory: text(longestMemory).exactOptional(),
    questions: z.array(text(10_000)).max(200).exactOptional(),
    overLimit: z.enum(['turns', 'tokens', 'cost', 'minutes']).exactOptional(),
    spend: z.strictObject({
      turns: count,
      usage: z.strictObject({
        inputTokens: count,
        outputTokens: count,
        cacheReadTokens: count,
        cacheWriteTokens: count,
      }),
      costMicroUsd: count,
      elapsedMs: milliseconds,
    }),
    modelCalls: count,
    model: text(200),
    sandbox: z.strictObject({
      rung: z.enum(sandboxRungs),
      description: text(500),
      passedOver: passedOver.exactOptional(),
    }),
    testsBefore: testRun.exactOptional(),
    testsAfter: testRun.exactOptional(),
    proof: proof.exactOptional(),
    patch: patch.exactOptional(),
    durations: z.record(text(100), milliseconds),
  });
}
