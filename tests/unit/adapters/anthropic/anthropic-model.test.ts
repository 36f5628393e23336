import { afterEach, expect, test } from 'vitest';
import { createAnthropicModel } from '../../../../src/adapters/anthropic/anthropic-model.ts';
import type { Message } from '../../../../src/domain/conversation.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import type { ModelRequest } from '../../../../src/ports/model.ts';
import {
  event,
  type FakeAnswer,
  type FakeAnthropic,
  messageEvents,
  startFakeAnthropic,
} from '../../../fakes/fake-anthropic.ts';
import { type InstantClock, instantClock } from '../../../fakes/instant-clock.ts';

const { signal } = new AbortController();
const said = (text: string): FakeAnswer => ({ kind: 'message', content: [{ type: 'text', text }] });
const user = (text: string, cache = false): Message => ({ role: 'user', content: [{ type: 'text', text }], cache });
const request = (change: Partial<ModelRequest> = {}): ModelRequest => ({
  turn: 1,
  system: 'You are a coder.',
  tools: [],
  messages: [user('Fix it.')],
  maxOutputTokens: 1000,
  ...change,
});

let host: FakeAnthropic;
let clock: InstantClock;
afterEach(() => host[Symbol.asyncDispose]());

/** The fake is reached directly here; its key stands for the broker's token. */
async function open(
  answers: readonly FakeAnswer[],
  change: { pathPrefix?: string; idleMs?: number; model?: string } = {},
) {
  host = await startFakeAnthropic(answers, { ...change, auth: 'bearer', key: 'run-token' });
  clock = instantClock();
  const { idleMs = 5000, model = 'claude-opus-5-5' } = change;
  return createAnthropicModel({ baseUrl: host.url, authToken: 'run-token', model, clock, idleMs, random: () => 0 });
}

async function failure(answers: readonly FakeAnswer[], change: { idleMs?: number } = {}): Promise<EntropyError> {
  const model = await open(answers, change);
  const error = await model.complete(request(), signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EntropyError);
  return error as EntropyError;
}

test('system, last tool and the two newest marked messages carry cache marks, four at most', async () => {
  const model = await open([said('ok')]);
  const tool = (name: string) => ({ name, description: name, inputSchema: { type: 'object', properties: {} } });
  const answer: Message = { role: 'assistant', content: [{ type: 'text', text: 'And?' }] };
  await model.complete(
    request({
      tools: [tool('a'), tool('b')],
      messages: [user('1', true), answer, user('2', true), answer, user('3'), answer, user('4', true)],
    }),
    signal,
  );
  const [{ body } = { body: {} }] = host.requests;
  const mark = { type: 'ephemeral' };
  expect(body.system).toEqual([{ type: 'text', text: 'You are a coder.', cache_control: mark }]);
  expect(body.tools).toEqual([
    { name: 'a', description: 'a', input_schema: { type: 'object', properties: {} } },
    { name: 'b', description: 'b', input_schema: { type: 'object', properties: {} }, cache_control: mark },
  ]);
  const marked = body.messages.flatMap((message: { content: { text: string; cache_control?: unknown }[] }) =>
    message.content.filter((block) => block.cache_control !== undefined).map((block) => block.text),
  );
  expect(marked).toEqual(['2', '4']);
  expect(body).toMatchObject({ model: 'claude-opus-5-5', max_tokens: 1000, stream: true });
  host.check();
});

test('thinking goes back unchanged, foreign thinking and blank texts do not', async () => {
  const thinking = { type: 'thinking', thinking: 'Hm — first the tests.', signature: 'c2lnbmVk' };
  const redacted = { type: 'redacted_thinking', data: 'b3BhcXVl' };
  const call = { type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'ls' } };
  const model = await open([{ kind: 'message', content: [thinking, redacted, call] }, said('done')]);
  const first = await model.complete(request(), signal);
  const foreign = { type: 'thinking', opaque: 'of another provider' } as const;
  await model.complete(
    request({
      messages: [
        user('Fix it.'),
        { role: 'assistant', content: [foreign, ...first.content, { type: 'text', text: ' ' }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', toolUseId: 'toolu_1', content: '', isError: false },
            { type: 'text', text: '' },
          ],
        },
      ],
    }),
    signal,
  );
  expect(host.requests[1]?.body.messages[1].content).toEqual([thinking, redacted, call]);
  host.check();
});

test('usage and cost are the last figures of the stream', async () => {
  const usage = {
    input_tokens: 100,
    output_tokens: 50,
    cache_read_input_tokens: 10_000,
    cache_creation_input_tokens: 1000,
  };
  const model = await open([{ ...said('x'), usage } as FakeAnswer]);
  expect(await model.complete(request(), signal)).toMatchObject({
    model: 'claude-opus-5-5',
    usage: { inputTokens: 100, outputTokens: 50, cacheReadTokens: 10_000, cacheWriteTokens: 1000 },
    costMicroUsd: 400 + 1000 + 2000 + 5000,
  });
});

test.each([
  ['end_turn', 'end_turn'],
  ['stop_sequence', 'end_turn'],
  ['refusal', 'refusal'],
  ['max_tokens', 'max_tokens'],
  ['model_context_window_exceeded', 'max_tokens'],
  ['pause_turn', 'other'],
])('stop reason %s is told as %s', async (stopReason, expected) => {
  const model = await open([{ ...said('x'), stopReason } as FakeAnswer]);
  expect((await model.complete(request(), signal)).stopReason).toBe(expected);
});

test('a call that max_tokens cut off is the last of the reply and has no input', async () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'write_file', input: '{"path":"a","content":"lon' };
  const model = await open([
    { kind: 'message', content: [{ type: 'text', text: 'x' }, call], stopReason: 'max_tokens' },
  ]);
  expect(await model.complete(request(), signal)).toMatchObject({
    stopReason: 'max_tokens',
    content: [
      { type: 'text', text: 'x' },
      { type: 'tool_use', id: 'toolu_1', name: 'write_file', input: {} },
    ],
  });
});

test('a path prefix of a gateway is kept', async () => {
  const model = await open([said('x')], { pathPrefix: '/team/anthropic' });
  await model.complete(request(), signal);
  expect(host.requests[0]?.url).toBe('/team/anthropic/v1/messages');
});

test('a model without a price is refused before anything is sent', () => {
  const options = { baseUrl: 'http://127.0.0.1:1', authToken: 'x', clock: instantClock() };
  expect(() => createAnthropicModel({ ...options, model: 'claude-next' })).toThrow(
    expect.objectContaining({ code: 'E101' }),
  );
  const prices = { 'claude-next': { input: 1, output: 1, cacheWrite: 1, cacheRead: 1 } };
  expect(createAnthropicModel({ ...options, model: 'claude-next', prices }).contextWindow).toBe(200_000);
});

test.each([
  ['overloaded', { kind: 'error', status: 529, type: 'overloaded_error' }],
  ['a rate limit', { kind: 'error', status: 429, type: 'rate_limit_error' }],
  ['a fault of the server', { kind: 'error', status: 500 }],
  [
    'a gateway that is down',
    { kind: 'raw', status: 502, headers: { 'content-type': 'text/html' }, parts: ['<h1>no</h1>'] },
  ],
  ['a broken connection', { kind: 'reset' }],
  [
    'a stream that breaks off',
    { kind: 'raw', parts: messageEvents({ kind: 'message', content: [] }).slice(0, 1), finish: 'reset' },
  ],
  [
    'an overload within the stream',
    { kind: 'raw', parts: [event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })] },
  ],
  ['x-should-retry', { kind: 'error', status: 400, headers: { 'x-should-retry': 'true' } }],
] satisfies [string, FakeAnswer][])('after %s it tries again and goes on', async (_, trouble) => {
  const model = await open([trouble, trouble, said('there')]);
  expect(await model.complete(request(), signal)).toMatchObject({ content: [{ type: 'text', text: 'there' }] });
  expect(clock.sleeps).toEqual([500, 1000]);
  host.check();
});

test('it waits as long as the host asks, and no longer than two minutes in one go', async () => {
  const limited = (headers: Record<string, string>): FakeAnswer => ({ kind: 'error', status: 429, headers });
  const model = await open([limited({ 'retry-after': '17' }), limited({ 'retry-after-ms': '250' }), said('x')]);
  await model.complete(request(), signal);
  expect(clock.sleeps).toEqual([17_000, 250]);
  await host[Symbol.asyncDispose]();
  const error = await failure([limited({ 'retry-after': '3600' })]);
  expect(error).toMatchObject({ code: 'E303', retryable: true, message: expect.stringContaining('3600 s') });
  expect(clock.sleeps).toEqual([]);
});

test('it gives up after eight attempts with the error that the host gave', async () => {
  const error = await failure(
    Array<FakeAnswer>(8).fill({ kind: 'error', status: 529, type: 'overloaded_error', message: 'Overloaded' }),
  );
  expect(error).toMatchObject({
    code: 'E303',
    retryable: true,
    message: expect.stringMatching(/Overloaded .after 8 attempts/),
  });
  expect(clock.sleeps).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000]);
  host.check();
});

test.each([
  [401, 'E302', 'ANTHROPIC_API_KEY'],
  [403, 'E302', 'ANTHROPIC_API_KEY'],
  [400, 'E300', 'did not accept'],
  [402, 'E300', 'credit'],
  [404, 'E300', 'name of the model'],
  [413, 'E300', 'smaller part'],
])('status %i is final: %s', async (status, code, fix) => {
  const error = await failure([{ kind: 'error', status, type: 'x_error', message: 'Because.' }]);
  expect(error).toMatchObject({ code, retryable: false, fix: expect.stringContaining(fix) });
  expect(error.message).toContain(`${status} x_error: Because.`);
  expect(clock.sleeps).toEqual([]);
});

const [start = '', , ...rest] = messageEvents({ kind: 'message', content: [{ type: 'text', text: 'hi' }] });
const toolEvents = (input: string) =>
  messageEvents({ kind: 'message', content: [{ type: 'tool_use', id: 'toolu_1', name: 'bash', input }] });
const toolBroken = toolEvents('{"command": nope}');
const raw = (...parts: string[]): FakeAnswer => ({ kind: 'raw', parts });

test.each([
  ['a stream without its end', raw(start, ...rest.slice(0, -1)), 'before message_stop'],
  ['a stream without its beginning', raw(...rest), 'no usage|no message_start'],
  ['an empty stream', raw(), 'before message_stop'],
  ['an event that is not JSON', raw(start, 'event: content_block_start\ndata: {"type":\n\n'), 'not JSON'],
  ['an event that is not an object', raw(start, 'event: x\ndata: 7\n\n'), 'not an object'],
  ['tool input that is not JSON', raw(...toolBroken), 'input of the tool call bash'],
  ['tool input that is a list', raw(...toolEvents('[1]')), 'input of the tool call bash'],
  ['a missing model', raw(start.replace('"model"', '"modell"'), ...rest), 'message_start is incomplete'],
  ['missing usage', raw(start.replace('"input_tokens"', '"input"'), ...rest), 'message_start is incomplete'],
  ['blocks out of order', raw(start, ...rest.map((part) => part.replace('"index":0', '"index":3'))), 'out of order'],
  [
    'a call without a name',
    raw(...toolBroken.map((part) => part.replace('"name":"bash"', '"name":7'))),
    'no id or name',
  ],
  [
    'content nobody asked for',
    raw(
      start,
      event('content_block_start', { index: 0, content_block: { type: 'server_tool_use' } }),
      ...rest.slice(2),
    ),
    'server_tool_use',
  ],
  [
    'a page instead of a stream',
    { kind: 'raw', headers: { 'content-type': 'text/html' }, parts: ['<html>'] },
    'text/html came',
  ],
] satisfies [string, FakeAnswer, string][])('%s is E304, tried once more', async (_, answer, message) => {
  const error = await failure([answer, answer]);
  expect(error).toMatchObject({ code: 'E304', retryable: true, message: expect.stringMatching(message) });
  expect(clock.sleeps).toEqual([500]);
  host.check();
});

test('what a malformed answer cost is in the cost of the call', async () => {
  const model = await open([raw(start, ...rest.slice(0, -1)), said('x')]);
  expect(await model.complete(request(), signal)).toMatchObject({ costMicroUsd: 2 * (40 + 100) });
});

test('a refusal of the broker comes through with its code and fix', async () => {
  const body = JSON.stringify({
    type: 'error',
    error: {
      type: 'entropy_refusal',
      message: 'the budget is used up',
      code: 'E307',
      fix: 'raise it',
      retryable: false,
      limit: 'cost',
    },
  });
  const error = await failure([
    { kind: 'raw', status: 402, headers: { 'content-type': 'application/json' }, parts: [body] },
  ]);
  expect(error).toMatchObject({ code: 'E307', message: 'the budget is used up', fix: 'raise it', retryable: false });
});

test('silence of the host is a connection error', async () => {
  const model = await open([{ kind: 'hang' }, { kind: 'raw', parts: [start], finish: 'hang' }, said('x')], {
    idleMs: 80,
  });
  await model.complete(request(), signal);
  expect(clock.sleeps).toEqual([500, 1000]);
});

test('a host that is not there is E300 and names it', async () => {
  host = await startFakeAnthropic([]);
  const options = { authToken: 'x', model: 'claude-opus-5-5', clock: instantClock(), maxAttempts: 2 };
  const model = createAnthropicModel({ ...options, baseUrl: 'http://127.0.0.1:9' });
  await expect(model.complete(request(), signal)).rejects.toThrow(
    expect.objectContaining({ code: 'E300', retryable: true, message: expect.stringContaining('127.0.0.1:9') }),
  );
});

test.each([
  ['before the answer', { kind: 'hang' }],
  ['within the answer', { kind: 'raw', parts: [start], finish: 'hang' }],
] satisfies [string, FakeAnswer][])(
  'an abort %s ends the call at once with its reason and is not retried',
  async (_, answer) => {
    const model = await open([answer]);
    const controller = new AbortController();
    const reason = new Error('stopped by bob');
    const call = model.complete(request(), controller.signal);
    await host.seen(1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    host.check();
  },
);

test('an abort while it waits to try again ends the wait', async () => {
  const model = await open([{ kind: 'error', status: 529 }]);
  const controller = new AbortController();
  const reason = new Error('stopped by bob');
  const sleep = clock.sleep.bind(clock);
  clock.sleep = (ms, inner) => {
    controller.abort(reason);
    return sleep(ms, inner);
  };
  await expect(model.complete(request(), controller.signal)).rejects.toBe(reason);
  host.check();
});
