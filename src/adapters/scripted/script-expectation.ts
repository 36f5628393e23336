import type { Message, ToolResultBlock } from '../../domain/conversation.ts';
import type { ModelRequest } from '../../ports/model.ts';
import type { Expectation, ResultExpectation } from './script-schema.ts';

export interface Mismatch {
  readonly expected: string;
  readonly seen: string;
}

/** The first expectation that the agent's request does not meet, or undefined. */
export function findMismatch(expected: Expectation, request: ModelRequest): Mismatch | undefined {
  if (expected.turn !== undefined && expected.turn !== request.turn) {
    return { expected: `turn ${expected.turn}`, seen: `turn ${request.turn}` };
  }
  const seen = seenText(request);
  for (const text of list(expected.saw)) {
    if (!seen.includes(text)) return { expected: `to have seen ${quote(text)}`, seen: tail(seen) };
  }
  for (const text of list(expected.not_saw)) {
    if (seen.includes(text)) return { expected: `not to have seen ${quote(text)}`, seen: around(seen, text) };
  }
  for (const result of [expected.result ?? []].flat()) {
    const mismatch = findResultMismatch(result, request.messages);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

interface SeenResult {
  readonly tool: string;
  readonly block: ToolResultBlock;
}

function findResultMismatch(expected: ResultExpectation, messages: readonly Message[]): Mismatch | undefined {
  const results = lastResults(messages);
  const which = expected.call === undefined ? 'the last result' : `result ${expected.call}`;
  const found = expected.call === undefined ? results.at(-1) : results[expected.call - 1];
  if (found === undefined) return { expected: which, seen: `${results.length} results in the last message` };
  const { tool, block } = found;
  const { content, isError } = block;
  const differs = (what: string, seen = `${isError ? 'failed' : 'ok'}: ${tail(content)}`): Mismatch => ({
    expected: `${which} ${what}`,
    seen,
  });
  if (expected.tool !== undefined && expected.tool !== tool) return differs(`to be of ${expected.tool}`, tool);
  if (expected.ok !== undefined && expected.ok === isError) return differs(expected.ok ? 'to be ok' : 'to have failed');
  if (expected.exit_code !== undefined && expected.exit_code !== exitCode(block)) {
    return differs(`to end with exit code ${expected.exit_code}`);
  }
  for (const text of list(expected.contains)) {
    if (!content.includes(text)) return differs(`to contain ${quote(text)}`);
  }
  for (const text of list(expected.lacks)) {
    if (content.includes(text)) return differs(`not to contain ${quote(text)}`, around(content, text));
  }
  if (expected.matches !== undefined && !new RegExp(expected.matches, 'mu').test(content)) {
    return differs(`to match /${expected.matches}/`);
  }
  return undefined;
}

/** The results in the newest message, each with the name of the tool that was called. */
function lastResults(messages: readonly Message[]): readonly SeenResult[] {
  const names = new Map<string, string>();
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    for (const block of message.content) if (block.type === 'tool_use') names.set(block.id, block.name);
  }
  const newest = messages.at(-1);
  if (newest?.role !== 'user') return [];
  return newest.content.flatMap((block) =>
    block.type === 'tool_result' ? [{ tool: names.get(block.toolUseId) ?? 'an unknown tool', block }] : [],
  );
}

/** As the bash tool tells the model: the code in its last line when it is not 0, and nothing when the command was fine. */
function exitCode(block: ToolResultBlock): number | undefined {
  const code = /\[exit code (\d{1,3})(?:, nothing printed)?\]\s*$/.exec(block.content)?.[1];
  if (code !== undefined) return Number(code);
  return block.isError ? undefined : 0;
}

function seenText(request: ModelRequest): string {
  const parts = [request.system];
  for (const message of request.messages) {
    if (message.role !== 'user') continue;
    for (const block of message.content) parts.push(block.type === 'text' ? block.text : block.content);
  }
  return parts.join('\n');
}

function list(texts: string | readonly string[] | undefined): readonly string[] {
  return texts === undefined ? [] : [texts].flat();
}

const shown = 600;

function tail(text: string): string {
  return text.length <= shown ? quote(text) : `…${quote(text.slice(-shown))}`;
}

function around(text: string, found: string): string {
  const start = Math.max(0, text.indexOf(found) - shown / 2);
  return quote(text.slice(start, start + shown));
}

function quote(text: string): string {
  return JSON.stringify(text);
}
