import { noUsage, type TokenUsage } from '../../src/domain/budget.ts';
import type { AssistantBlock, ToolUseBlock } from '../../src/domain/conversation.ts';
import type { StopReason } from '../../src/domain/trajectory.ts';
import type { Model, ModelReply, ModelRequest } from '../../src/ports/model.ts';

/** One entry of the list: a reply in short, or a function that may look at the request, wait, or throw. */
export type ListedReply =
  | ShortReply
  | ((request: ModelRequest, signal: AbortSignal) => ShortReply | Promise<ShortReply>);

export interface ShortReply {
  readonly content: readonly AssistantBlock[];
  readonly stopReason?: StopReason;
  readonly usage?: Partial<TokenUsage>;
  readonly costMicroUsd?: number;
}

export interface ListModel extends Model {
  readonly requests: readonly ModelRequest[];
  /** Throws when replies are left that nobody asked for. */
  assertFinished(): void;
}

/** A model that answers from a list, in order. One call too many is an error of the test. */
export function listModel(replies: readonly ListedReply[], options: { contextWindow?: number } = {}): ListModel {
  const requests: ModelRequest[] = [];
  const complete = async (request: ModelRequest, signal: AbortSignal): Promise<ModelReply> => {
    requests.push(request);
    const entry = replies[requests.length - 1];
    if (entry === undefined) throw new Error(`the model was called ${requests.length} times, ${replies.length} listed`);
    const reply = typeof entry === 'function' ? await entry(request, signal) : entry;
    const calls = reply.content.some((block) => block.type === 'tool_use');
    return {
      model: 'list',
      content: reply.content,
      stopReason: reply.stopReason ?? (calls ? 'tool_use' : 'end_turn'),
      usage: { ...noUsage, ...reply.usage },
      costMicroUsd: reply.costMicroUsd ?? 0,
    };
  };
  return {
    name: 'list',
    contextWindow: options.contextWindow ?? 200_000,
    requests,
    complete,
    assertFinished: () => {
      if (requests.length < replies.length) {
        throw new Error(`the model was called ${requests.length} times, ${replies.length} listed`);
      }
    },
  };
}

let callCount = 0;

/** A tool call with an id of its own. */
export function call(name: string, input: unknown): ToolUseBlock {
  callCount += 1;
  return { type: 'tool_use', id: `call_${callCount}`, name, input };
}

/** A reply that makes these calls. */
export function calling(...calls: readonly ToolUseBlock[]): ShortReply {
  return { content: calls };
}

/** A reply of words alone. */
export function saying(text: string): ShortReply {
  return { content: [{ type: 'text', text }] };
}
