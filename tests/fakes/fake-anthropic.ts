import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findProtocolFault } from './messages-protocol.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  readonly body: any;
}

export type FakeAnswer =
  | {
      readonly kind: 'message';
      readonly content: readonly Readonly<Record<string, unknown>>[];
      readonly stopReason?: string;
      readonly model?: string;
      readonly usage?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly type?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'raw';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly parts: readonly (string | Uint8Array)[];
      /** What happens after the parts; ends normally when absent. */
      readonly finish?: 'reset' | 'hang';
    }
  | { readonly kind: 'reset' | 'hang' };

export interface FakeAnthropic extends AsyncDisposable {
  /** Base address, with the path prefix when one was asked for. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Resolves when this many requests have come. */
  seen(count: number): Promise<void>;
  /** Throws when there were calls too many, answers left over, or requests that the real API would not take. */
  check(): void;
}

export interface FakeAnthropicOptions {
  readonly key?: string;
  readonly pathPrefix?: string;
  /** Where the key is expected: the API's own header, or (as the broker takes it) a bearer token. */
  readonly auth?: 'x-api-key' | 'bearer';
}

/** The Messages API on loopback: it speaks SSE, checks what the real one checks, and answers from a list. */
export async function startFakeAnthropic(
  answers: readonly (FakeAnswer | ((request: SeenRequest) => FakeAnswer))[],
  options: FakeAnthropicOptions = {},
): Promise<FakeAnthropic> {
  const { key = 'sk-ant-fake', pathPrefix = '', auth = 'x-api-key' } = options;
  const requests: SeenRequest[] = [];
  const faults: string[] = [];
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  let used = 0;

  const answerFor = (request: SeenRequest): FakeAnswer => {
    const path = request.url.split('?')[0];
    const presented = auth === 'bearer' ? request.headers.authorization : request.headers['x-api-key'];
    if (presented !== (auth === 'bearer' ? `Bearer ${key}` : key))
      return failure(401, 'authentication_error', 'invalid x-api-key');
    if (request.headers['anthropic-version'] === undefined)
      return failure(400, 'invalid_request_error', 'anthropic-version: header is required');
    if (request.method === 'GET' && path === `${pathPrefix}/v1/models`)
      return raw(JSON.stringify({ data: [], has_more: false }));
    if (request.method === 'POST' && path === `${pathPrefix}/v1/messages/count_tokens`)
      return raw('{"input_tokens":42}');
    if (request.method !== 'POST' || path !== `${pathPrefix}/v1/messages`)
      return failure(404, 'not_found_error', `${path}`);
    const fault = findProtocolFault(request.body);
    if (fault !== undefined) {
      faults.push(fault);
      return failure(400, 'invalid_request_error', fault);
    }
    const answer = answers[used];
    used += 1;
    if (answer === undefined) {
      faults.push(`call ${used}, but only ${answers.length} answers`);
      return failure(400, 'invalid_request_error', 'a call too many');
    }
    return typeof answer === 'function' ? answer(request) : answer;
  };

  const server = http.createServer(async (request, response) => {
    const seen = await readRequest(request);
    requests.push(seen);
    for (const { count, done } of waiting) if (requests.length >= count) done();
    send(answerFor(seen), seen, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathPrefix}`,
    requests,
    seen: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve();
        else waiting.push({ count, done: resolve });
      }),
    check() {
      if (used < answers.length) faults.push(`${answers.length - used} answers were not asked for`);
      if (faults.length > 0) throw new Error(`fake Anthropic: ${faults.join('; ')}`);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The events of a streamed message, as the real API writes them. */
export function messageEvents(answer: Extract<FakeAnswer, { kind: 'message' }>): string[] {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, ...answer.usage };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: answer.model ?? 'claude-opus-5-5',
    content: [],
  };
  const calls = answer.content.some((block) => block['type'] === 'tool_use');
  const stop = answer.stopReason ?? (calls ? 'tool_use' : 'end_turn');
  return [
    event('message_start', { message: { ...message, stop_reason: null, usage: { ...usage, output_tokens: 1 } } }),
    event('ping', {}),
    ...answer.content.flatMap((block, index) => blockEvents(block, index)),
    event('message_delta', {
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: Number(answer.usage?.['output_tokens'] ?? 5) },
    }),
    event('message_stop', {}),
  ];
}

export function event(type: string, fields: Readonly<Record<string, unknown>>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function blockEvents(block: Readonly<Record<string, unknown>>, index: number): string[] {
  const start = (content_block: unknown) => event('content_block_start', { index, content_block });
  const delta = (value: unknown) => event('content_block_delta', { index, delta: value });
  const stop = event('content_block_stop', { index });
  switch (block['type']) {
    case 'text': {
      const halves = split(String(block['text']));
      return [start({ type: 'text', text: '' }), ...halves.map((text) => delta({ type: 'text_delta', text })), stop];
    }
    case 'thinking': {
      const halves = split(String(block['thinking']));
      const thinking = halves.map((text) => delta({ type: 'thinking_delta', thinking: text }));
      const signed = delta({ type: 'signature_delta', signature: block['signature'] });
      return [start({ type: 'thinking', thinking: '', signature: '' }), ...thinking, signed, stop];
    }
    case 'tool_use': {
      const json = typeof block['input'] === 'string' ? block['input'] : JSON.stringify(block['input']);
      const inputs = split(json).map((partial_json) => delta({ type: 'input_json_delta', partial_json }));
      return [start({ ...block, input: {} }), ...inputs, stop];
    }
    default:
      return [start(block), stop];
  }
}

function split(text: string): string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}

function send(answer: FakeAnswer, request: SeenRequest, response: ServerResponse): void {
  switch (answer.kind) {
    case 'hang':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'error': {
      const { status, type = 'api_error', message = 'Internal server error', headers } = answer;
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers });
      response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' }));
      return;
    }
    case 'raw': {
      response.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'text/event-stream' });
      for (const part of answer.parts) response.write(part);
      if (answer.finish === 'reset') setImmediate(() => response.destroy());
      else if (answer.finish === undefined) response.end();
      return;
    }
    case 'message':
      if (request.body['stream'] === true) {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' });
        for (const text of messageEvents(answer)) response.write(text);
        response.end();
      } else {
        response.writeHead(200, { 'content-type': 'application/json' });
        const usage = { input_tokens: 10, output_tokens: 5, ...answer.usage };
        response.end(JSON.stringify({ type: 'message', model: 'claude-opus-5-5', content: answer.content, usage }));
      }
      return;
    default:
      answer satisfies never;
  }
}

function failure(status: number, type: string, message: string): FakeAnswer {
  return { kind: 'error', status, type, message };
}

function raw(text: string): FakeAnswer {
  return { kind: 'raw', headers: { 'content-type': 'application/json' }, parts: [text] };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { method = '', url = '', headers } = request;
  return { method, url, headers, text, body: text === '' ? undefined : JSON.parse(text) };
}
