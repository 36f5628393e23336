import type {
  CacheControlEphemeral,
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { AssistantBlock, Message, UserBlock } from '../../domain/conversation.ts';
import type { ModelRequest, ToolSpec } from '../../ports/model.ts';

/** The API takes four marks a request; a fifth is an error. */
const mostMarks = 4;
const mark: CacheControlEphemeral = { type: 'ephemeral' };

/**
 * A request in the words of the Messages API. What stays the same from turn to turn is marked for the cache: the system
 * text, the tools (by their last), and the newest messages that ask for it. Thinking is left to the model's own default.
 */
export function toMessagesRequest(
  request: ModelRequest,
  model: string,
  maxOutputTokens: number,
): MessageCreateParamsStreaming {
  const { system, tools, messages } = request;
  const fixedMarks = (system === '' ? 0 : 1) + (tools.length === 0 ? 0 : 1);
  const marked = new Set(messages.filter(wantsMark).slice(-(mostMarks - fixedMarks)));
  return {
    model,
    max_tokens: Math.min(request.maxOutputTokens, maxOutputTokens),
    stream: true,
    ...(system === '' ? {} : { system: [{ type: 'text', text: system, cache_control: mark }] }),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool, index) => toTool(tool, index === tools.length - 1)) }),
    messages: messages.flatMap((message) => toMessage(message, marked.has(message))),
  };
}

function wantsMark(message: Message): boolean {
  return message.role === 'user' && message.cache === true && message.content.some(isSendable);
}

function toTool(tool: ToolSpec, last: boolean): Tool {
  return {
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.inputSchema, type: 'object' },
    ...(last ? { cache_control: mark } : {}),
  };
}

/** None for a message without content, which the API refuses; it joins the user messages left and right of it by itself. */
function toMessage(message: Message, marked: boolean): MessageParam[] {
  const content: ContentBlockParam[] =
    message.role === 'user' ? toUserContent(message.content, marked) : message.content.flatMap(toAssistantBlock);
  return content.length === 0 ? [] : [{ role: message.role, content }];
}

function toUserContent(blocks: readonly UserBlock[], marked: boolean): ContentBlockParam[] {
  const sendable = blocks.filter(isSendable);
  return sendable.map((block, index) => {
    const cache = marked && index === sendable.length - 1 ? { cache_control: mark } : {};
    if (block.type === 'text') return { type: 'text', text: block.text, ...cache };
    const { toolUseId, content, isError } = block;
    return { type: 'tool_result', tool_use_id: toolUseId, content, is_error: isError, ...cache };
  });
}

function isSendable(block: UserBlock): boolean {
  return block.type === 'tool_result' || block.text.trim() !== '';
}

function toAssistantBlock(block: AssistantBlock): ContentBlockParam[] {
  switch (block.type) {
    case 'text':
      return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }];
    case 'tool_use':
      return [{ type: 'tool_use', id: block.id, name: block.name, input: block.input }];
    case 'thinking':
      return isOwnThinking(block.opaque) ? [block.opaque] : [];
    default:
      return block satisfies never;
  }
}

/** Signed by the API and sent back as it came; what another provider left in a conversation is not for this one. */
function isOwnThinking(
  opaque: unknown,
): opaque is Extract<ContentBlockParam, { type: 'thinking' | 'redacted_thinking' }> {
  if (typeof opaque !== 'object' || opaque === null || !('type' in opaque)) return false;
  return opaque.type === 'thinking' || opaque.type === 'redacted_thinking';
}
