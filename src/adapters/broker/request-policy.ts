import { findPrice, type ModelPrice, type PriceTable } from '../../domain/price.ts';
import { type Refusal, refusal } from './refusal.ts';

export interface RequestPolicy {
  readonly prices: PriceTable;
  /** Every priced model when absent. */
  readonly allowedModels?: readonly string[];
}

export type CheckedRequest =
  | {
      readonly kind: 'checked';
      readonly model: string;
      readonly price: ModelPrice;
      readonly maxTokens: number;
      /** What is sent on: written anew from what was checked, so that nobody can read the bytes in another way. */
      body(maxTokens: number): Uint8Array;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

type Fields = Readonly<Record<string, unknown>>;

/**
 * All that an agent's request needs, and nothing that costs what the price table does not hold (priority tier, fast
 * mode, server-side tools, one-hour cache) or that makes the host fetch an address (URL sources, MCP servers).
 */
const allowedFields = new Set(
  'model max_tokens messages system tools tool_choice stream thinking output_config temperature top_p top_k stop_sequences metadata'.split(
    ' ',
  ),
);
const allowedBlocks = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use', 'tool_result']);
const mostTokens = 1_000_000;

export function checkRequest(bytes: Uint8Array, policy: RequestPolicy, counting: boolean): CheckedRequest {
  const fields = parse(bytes);
  if (fields === undefined) return refuse(400, 'the request is not a JSON object');
  const model = fields['model'];
  if (typeof model !== 'string') return refuse(400, 'the request names no model');
  const allowed = policy.allowedModels?.includes(model) ?? true;
  if (!allowed) return refuse(403, `model ${quote(model)} is not allowed in this run`);
  const price = findPrice(policy.prices, model);
  if (price === undefined) return refuse(403, `the price of model ${quote(model)} is not known`);
  const maxTokens = counting ? 0 : fields['max_tokens'];
  const sensible = typeof maxTokens === 'number' && Number.isSafeInteger(maxTokens) && maxTokens <= mostTokens;
  if (!sensible || (maxTokens < 1 && !counting)) return refuse(400, `max_tokens is ${quote(fields['max_tokens'])}`);
  const problem = findForbidden(fields);
  if (problem !== undefined) return refuse(403, problem);
  const body = (allowed: number) => Buffer.from(JSON.stringify(counting ? fields : { ...fields, max_tokens: allowed }));
  return { kind: 'checked', model, price, maxTokens, body };
}

function findForbidden(fields: Fields): string | undefined {
  const field = Object.keys(fields).find((name) => !allowedFields.has(name));
  if (field !== undefined) return `the field ${quote(field)} is not allowed`;
  for (const tool of objects(fields['tools'])) {
    const own = tool['type'] === undefined || tool['type'] === 'custom';
    if (!own) return `the tool type ${quote(tool['type'])} is not allowed: it would run at the model host`;
    if (longCache(tool)) return 'cache_control with another lifetime than 5m is not allowed';
  }
  for (const block of blocksOf(fields)) {
    if (!allowedBlocks.has(String(block['type']))) return `the content type ${quote(block['type'])} is not allowed`;
    if (longCache(block)) return 'cache_control with another lifetime than 5m is not allowed';
  }
  return undefined;
}

function* blocksOf(fields: Fields): Generator<Fields> {
  yield* objects(fields['system']);
  for (const message of objects(fields['messages'])) {
    for (const block of objects(message['content'])) {
      yield block;
      if (block['type'] === 'tool_result') yield* objects(block['content']);
    }
  }
}

function longCache(value: Fields): boolean {
  const [mark] = objects([value['cache_control']]);
  return mark !== undefined && (mark['type'] !== 'ephemeral' || (mark['ttl'] ?? '5m') !== '5m');
}

function objects(value: unknown): readonly Fields[] {
  const isObject = (item: unknown): item is Fields => typeof item === 'object' && item !== null;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function parse(bytes: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    // Not JSON, or not UTF-8: the answer says so.
    return undefined;
  }
}

function refuse(status: 400 | 403, message: string): CheckedRequest {
  const fix = 'the broker forwards plain Messages API requests of this run only (docs/models.md, "The broker")';
  return { kind: 'refused', refusal: refusal(status, `the broker does not forward this request: ${message}`, fix) };
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 100);
}
