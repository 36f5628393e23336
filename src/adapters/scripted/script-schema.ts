import * as z from 'zod';

/** The file format of docs/scripted-model.md; strict, since a misspelt key would otherwise be an expectation never checked. */
const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const count = z.int().min(0);

const resultExpectation = z.strictObject({
  call: z.int().min(1).optional(),
  tool: z.string().optional(),
  ok: z.boolean().optional(),
  exit_code: z.int().min(0).max(255).optional(),
  contains: texts.optional(),
  lacks: texts.optional(),
  matches: z.string().min(1).optional(),
});

const expectation = z.strictObject({
  turn: z.int().min(1).optional(),
  saw: texts.optional(),
  not_saw: texts.optional(),
  result: z.union([resultExpectation, z.array(resultExpectation).min(1)]).optional(),
});

const usage = z.strictObject({
  input_tokens: count.optional(),
  output_tokens: count.optional(),
  cache_read_tokens: count.optional(),
  cache_write_tokens: count.optional(),
});

const call = z.strictObject({ tool: z.string().min(1), input: z.unknown().optional() });

const reply = z.strictObject({
  expect: expectation.optional(),
  text: z.string().min(1).optional(),
  calls: z.array(call).min(1).optional(),
  stop: z.enum(['end_turn', 'tool_use', 'max_tokens', 'refusal', 'other']).optional(),
  usage: usage.optional(),
  cost_usd: z.number().min(0).optional(),
  wait_ms: z.int().min(0).max(600_000).optional(),
});

export const scriptSchema = z.strictObject({
  script: z.literal(1),
  context_window: z.int().min(1000).optional(),
  replies: z.array(reply).min(1),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptedReply = z.infer<typeof reply>;
export type Expectation = z.infer<typeof expectation>;
export type ResultExpectation = z.infer<typeof resultExpectation>;
