import type { TokenUsage } from '../../domain/budget.ts';
import type { AssistantBlock } from '../../domain/conversation.ts';
import { mergeWireUsage } from '../../domain/messages-usage.ts';
import type { StopReason } from '../../domain/trajectory.ts';
import { type AttemptFailure, failureOfEvent, malformedReply } from './model-failure.ts';

export interface AssembledReply {
  readonly model: string;
  readonly content: readonly AssistantBlock[];
  readonly stopReason: StopReason;
  readonly usage: TokenUsage;
}

/** One server-sent event, not yet parsed. */
export interface RawEvent {
  readonly event: string | null;
  readonly data: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface OpenBlock {
  readonly start: Fields;
  text: string;
  signature: string;
  closed: boolean;
}

/**
 * Puts an answer together from its stream and checks every part of it: throws `AttemptFailure` with E304 for what breaks
 * the protocol, or with the stream's own error. Unknown events are passed over, as the API asks of its clients.
 */
export async function assembleReply(events: AsyncIterable<RawEvent>): Promise<AssembledReply> {
  const blocks: OpenBlock[] = [];
  let model: string | undefined;
  let usage: TokenUsage | undefined;
  let stop: unknown;
  let ended = false;
  const broken = (what: string, cause?: unknown): AttemptFailure => malformedReply(what, usage, cause);

  for await (const { event, data } of events) {
    if (event === 'error') throw failureOfEvent(data, usage);
    if (data === '') continue;
    const fields = parseEvent(data, broken);
    switch (fields['type']) {
      case 'message_start': {
        const message = asFields(fields['message']);
        usage = mergeWireUsage(undefined, message?.['usage']);
        if (typeof message?.['model'] !== 'string' || usage === undefined) throw broken('message_start is incomplete');
        model = message['model'];
        break;
      }
      case 'content_block_start': {
        const start = asFields(fields['content_block']);
        if (fields['index'] !== blocks.length || start === undefined)
          throw broken('content_block_start is out of order');
        blocks.push({ start, text: textOf(start), signature: stringOr(start['signature'], ''), closed: false });
        break;
      }
      case 'content_block_delta': {
        const block = blocks[Number(fields['index'])];
        const delta = asFields(fields['delta']);
        if (block === undefined || block.closed || delta === undefined)
          throw broken('content_block_delta has no block');
        block.text += deltaText(delta);
        block.signature += delta['type'] === 'signature_delta' ? stringOr(delta['signature'], '') : '';
        break;
      }
      case 'content_block_stop': {
        const block = blocks[Number(fields['index'])];
        if (block === undefined) throw broken('content_block_stop has no block');
        block.closed = true;
        break;
      }
      case 'message_delta': {
        stop = asFields(fields['delta'])?.['stop_reason'] ?? stop;
        usage = mergeWireUsage(usage, fields['usage'] ?? {});
        if (usage === undefined) throw broken('message_delta tells no usage');
        break;
      }
      case 'message_stop':
        ended = true;
        break;
      default:
        break;
    }
  }

  if (!ended) throw broken('the stream ended before message_stop');
  if (model === undefined || usage === undefined) throw broken('there was no message_start');
  if (typeof stop !== 'string') throw broken('no stop_reason was given');
  const stopReason = toStopReason(stop);
  return { model, stopReason, usage, content: blocks.flatMap((block) => toBlock(block, stopReason, broken)) };
}

type Broken = (what: string, cause?: unknown) => AttemptFailure;

function toBlock({ start, text, signature }: OpenBlock, stopReason: StopReason, broken: Broken): AssistantBlock[] {
  switch (start['type']) {
    case 'text':
      return text === '' ? [] : [{ type: 'text', text }];
    case 'thinking':
      return [{ type: 'thinking', opaque: { type: 'thinking', thinking: text, signature } }];
    case 'redacted_thinking':
      return [{ type: 'thinking', opaque: { type: 'redacted_thinking', data: start['data'] } }];
    case 'tool_use': {
      const { id, name } = start;
      if (typeof id !== 'string' || typeof name !== 'string') throw broken('a tool call has no id or name');
      const input = parseInput(text === '' ? '{}' : text);
      if (input !== undefined) return [{ type: 'tool_use', id, name, input }];
      // Cut off in the middle of its input. The stop reason tells it, and the agent does not make such a call; it stays
      // in the conversation, without what there was of its input, so that the model learns what became of it.
      if (stopReason === 'max_tokens') return [{ type: 'tool_use', id, name, input: {} }];
      throw broken(`the input of the tool call ${name} is not a JSON object`);
    }
    default:
      throw broken(`content of type ${JSON.stringify(start['type'])} was not asked for`);
  }
}

function toStopReason(stop: string): StopReason {
  switch (stop) {
    case 'end_turn':
    case 'tool_use':
    case 'max_tokens':
    case 'refusal':
      return stop;
    case 'stop_sequence':
      return 'end_turn';
    case 'model_context_window_exceeded':
      return 'max_tokens';
    default:
      return 'other';
  }
}

function textOf(start: Fields): string {
  return stringOr(start['text'], stringOr(start['thinking'], ''));
}

function deltaText(delta: Fields): string {
  switch (delta['type']) {
    case 'text_delta':
      return stringOr(delta['text'], '');
    case 'thinking_delta':
      return stringOr(delta['thinking'], '');
    case 'input_json_delta':
      return stringOr(delta['partial_json'], '');
    default:
      return '';
  }
}

function parseEvent(data: string, broken: Broken): Fields {
  try {
    const fields = asFields(JSON.parse(data));
    if (fields !== undefined) return fields;
  } catch (cause) {
    throw broken('an event of the stream is not JSON', cause);
  }
  throw broken('an event of the stream is not an object');
}

function parseInput(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? undefined : asFields(value);
  } catch {
    // The caller tells a broken input from a cut one.
    return undefined;
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function stringOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
