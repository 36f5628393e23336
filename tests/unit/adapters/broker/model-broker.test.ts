import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { type Broker, type BrokerOptions, startBroker } from '../../../../src/adapters/broker/model-broker.ts';
import { type BudgetLimits, defaultBudget } from '../../../../src/domain/budget.ts';
import {
  event,
  type FakeAnswer,
  type FakeAnthropic,
  messageEvents,
  startFakeAnthropic,
} from '../../../fakes/fake-anthropic.ts';
import { type InstantClock, instantClock } from '../../../fakes/instant-clock.ts';

const key = 'sk-ant-api03-Canary_0123456789-abcdefXYZ';
const ask = {
  model: 'claude-opus-5-5',
  max_tokens: 1000,
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
};
const usage = { input_tokens: 100, output_tokens: 50, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const said: FakeAnswer = { kind: 'message', content: [{ type: 'text', text: 'hello' }], usage };
const cost = 100 * 4 + 50 * 20;

let host: FakeAnthropic;
let broker: Broker;
let clock: InstantClock;
afterEach(async () => {
  await broker.close();
  await host[Symbol.asyncDispose]();
});

interface Change {
  readonly budget?: Partial<BudgetLimits>;
  readonly options?: Partial<BrokerOptions>;
  readonly prefix?: string;
}

async function open(answers: readonly FakeAnswer[], { budget = {}, options = {}, prefix = '' }: Change = {}) {
  host = await startFakeAnthropic(answers, { key, pathPrefix: prefix });
  clock = instantClock();
  broker = await startBroker({
    targetBaseUrl: host.url,
    key: () => key,
    budget: { ...defaultBudget, ...budget },
    clock,
    ...options,
  });
  broker.arm();
}

interface Sent {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly error: any;
  readonly headers: http.IncomingHttpHeaders;
}

/** With node's own client, as a client may send what `fetch` would not. */
function send(body: unknown, change: http.RequestOptions & { raw?: Uint8Array } = {}): Promise<Sent> {
  const { promise, resolve, reject } = Promise.withResolvers<Sent>();
  const { headers, raw, ...others } = change;
  const request = http.request(`${broker.url}${change.path ?? '/v1/messages'}`, {
    method: 'POST',
    agent: false,
    ...others,
    headers: { authorization: `Bearer ${broker.token}`, ...headers },
  });
  request.on('error', reject);
  request.on('response', async (response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk);
    } catch (error) {
      reject(error);
    }
    const text = Buffer.concat(chunks).toString();
    const error = text.startsWith('{') ? JSON.parse(text).error : undefined;
    resolve({ status: response.statusCode ?? 0, text, error, headers: response.headers });
  });
  request.end(raw ?? JSON.stringify(body));
  return promise;
}

test('a streamed answer comes through byte for byte, with the key added and the token taken off', async () => {
  await open([said]);
  const headers = { 'anthropic-beta': 'fast-mode', cookie: 'a=b', 'x-api-key': 'mine', 'user-agent': 'agent' };
  const answer = await send(ask, { headers });
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(messageEvents(said as Extract<FakeAnswer, { kind: 'message' }>).join(''));
  expect(answer.headers['content-type']).toContain('text/event-stream');
  const [seen] = host.requests;
  expect(seen?.headers['x-api-key']).toBe(key);
  expect(JSON.stringify(seen?.headers)).not.toContain(broker.token);
  for (const name of ['authorization', 'cookie', 'anthropic-beta']) expect(seen?.headers[name]).toBeUndefined();
  expect(seen?.body).toEqual(ask);
  expect(broker.spend()).toMatchObject({ turns: 1, usage: { inputTokens: 100, outputTokens: 50 }, costMicroUsd: cost });
  host.check();
});

test('events are passed on as they come, not when the answer is complete', async () => {
  const [first = ''] = messageEvents(said as Extract<FakeAnswer, { kind: 'message' }>);
  await open([{ kind: 'raw', parts: [first], finish: 'hang' }]);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = http.request(`${broker.url}/v1/messages`, {
    method: 'POST',
    agent: false,
    headers: { 'x-api-key': broker.token },
  });
  request.on('response', (response) => response.once('data', (chunk) => resolve(String(chunk))));
  request.on('error', reject);
  request.end(JSON.stringify(ask));
  expect(await promise).toBe(first);
  request.destroy();
});

test('an answer in one piece is metered too, and counting tokens costs nothing', async () => {
  await open([said]);
  const { stream: _, ...whole } = ask;
  expect((await send(whole)).text).toContain('hello');
  expect(broker.spend()).toMatchObject({ turns: 1, costMicroUsd: cost });
  const { max_tokens: __, ...counted } = whole;
  expect((await send(counted, { path: '/v1/messages/count_tokens' })).text).toBe('{"input_tokens":42}');
  expect(broker.spend()).toMatchObject({ turns: 1, costMicroUsd: cost });
});

test('a gateway with a path prefix gets its prefix', async () => {
  await open([said], { prefix: '/team/anthropic' });
  await send(ask, { path: '/v1/messages?beta=true' });
  expect(host.requests[0]?.url).toBe('/team/anthropic/v1/messages');
});

test('before it is armed it answers 425 and reads no key; without a key arming is E301', async () => {
  host = await startFakeAnthropic([]);
  let reads = 0;
  const options = { targetBaseUrl: host.url, budget: defaultBudget, clock: instantClock() };
  broker = await startBroker({
    ...options,
    key: () => {
      reads += 1;
      return undefined;
    },
  });
  expect(await send(ask)).toMatchObject({ status: 425, error: { code: 'E300', retryable: true } });
  expect(reads).toBe(0);
  expect(() => broker.arm()).toThrow(
    expect.objectContaining({ code: 'E301', fix: expect.stringContaining('ANTHROPIC_API_KEY') }),
  );
  expect(await send(ask)).toMatchObject({ status: 425 });
});

test('what is asked before it is armed waits, goes nowhere without the key, and is answered once it is armed', async () => {
  host = await startFakeAnthropic([said], { key });
  const clock = { ...instantClock(), sleep: () => new Promise<void>(() => undefined) };
  broker = await startBroker({ targetBaseUrl: host.url, key: () => key, budget: defaultBudget, clock });
  const waiting = send(ask);
  // A request that is refused at the door was seen after the first one, and is answered at once.
  expect(await send(ask, { headers: { authorization: 'Bearer nope' } })).toMatchObject({ status: 401 });
  expect(host.requests).toEqual([]);
  broker.arm();
  expect(await waiting).toMatchObject({ status: 200 });
  host.check();
});

test('a key with a line break is refused without being shown', async () => {
  host = await startFakeAnthropic([]);
  broker = await startBroker({
    targetBaseUrl: host.url,
    key: () => `${key}\nX: y`,
    budget: defaultBudget,
    clock: instantClock(),
  });
  const arm = () => broker.arm();
  expect(arm).toThrow(expect.objectContaining({ code: 'E302', message: expect.not.stringContaining('sk-ant') }));
});

test.each([
  ['no token', { headers: { authorization: '' } }, 401],
  ['a wrong token', { headers: { authorization: 'Bearer nope' } }, 401],
  ['the token as user and password', { headers: { authorization: 'Basic eDp5' } }, 401],
  ['another address', { path: '/v1/files' }, 404],
  ['an address that only begins well', { path: '/v1/messages/batches' }, 404],
  ['dots in the address', { path: '/v1/messages/../files' }, 404],
  ['another method', { method: 'GET' }, 404],
  ['a compressed request', { headers: { 'content-encoding': 'gzip' } }, 400],
])('%s is refused and nothing is forwarded', async (_, change, status) => {
  await open([]);
  expect(await send(ask, change)).toMatchObject({
    status,
    error: { code: 'E300', type: 'entropy_refusal', retryable: false },
  });
  expect(host.requests).toHaveLength(0);
});

const block = (content: unknown) => ({ messages: [{ role: 'user', content: [content] }] });
test.each([
  ['no JSON', 'nope', 400],
  ['a list', [], 400],
  ['no model', { model: undefined }, 400],
  ['no max_tokens', { max_tokens: undefined }, 400],
  ['max_tokens of 0', { max_tokens: 0 }, 400],
  ['max_tokens as text', { max_tokens: '1' }, 400],
  ['a model without a price', { model: 'claude-next' }, 403],
  ['another model than this run has', { model: 'claude-fable-5-2' }, 403],
  ['the priority tier', { service_tier: 'auto' }, 403],
  ['fast mode', { speed: 'fast' }, 403],
  ['MCP servers', { mcp_servers: [{ url: 'https://evil.example' }] }, 403],
  ['a container', { container: 'c' }, 403],
  ['a prototype', JSON.parse('{"__proto__":{"a":1}}'), 403],
  ['a tool that runs at the host', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 403],
  ['an hour of cache', block({ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }), 403],
  [
    'an hour of cache in a result',
    block({
      type: 'tool_result',
      tool_use_id: 'x',
      content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    }),
    403,
  ],
  ['an image by address', block({ type: 'image', source: { type: 'url', url: 'https://evil.example/?q=x' } }), 403],
  ['a document in a result', block({ type: 'tool_result', tool_use_id: 'x', content: [{ type: 'document' }] }), 403],
])('a request with %s is refused and nothing is forwarded', async (_, change, status) => {
  await open([], { options: { allowedModels: ['claude-opus-5-5', 'claude-next'] } });
  const body = typeof change === 'object' && !Array.isArray(change) ? { ...ask, ...change } : change;
  const raw = change === 'nope' ? { raw: Buffer.from('{') } : {};
  if (_ === 'a prototype')
    Object.assign(raw, { raw: Buffer.from(JSON.stringify(ask).replace('{', '{"__proto__":{"a":1},')) });
  expect(await send(body, raw)).toMatchObject({ status, error: { code: 'E300' } });
  expect(host.requests).toHaveLength(0);
});

test('what is forwarded is what was checked, where a key stands twice', async () => {
  await open([said], { options: { allowedModels: ['claude-opus-5-5'] } });
  const twice = JSON.stringify(ask).replace('{', '{"model":"claude-fable-5-2",');
  expect((await send(undefined, { raw: Buffer.from(twice) })).status).toBe(200);
  expect(host.requests[0]?.text).toBe(JSON.stringify(ask));
});

test.each([
  ['with its length told', {}],
  ['without', { headers: { 'transfer-encoding': 'chunked' } }],
])('a request over the size limit is refused, %s', async (_, change) => {
  await open([], { options: { maxRequestBytes: 1000 } });
  const large = { ...ask, system: 'x'.repeat(3_000_000) };
  expect(await send(large, change)).toMatchObject({ status: 413, error: { code: 'E300' } });
});

test('turns, money, tokens and minutes that are used up are refused with the limit, before the call', async () => {
  await open([said], { budget: { maxTurns: 1 } });
  await send(ask);
  expect(await send(ask)).toMatchObject({ status: 402, error: { code: 'E307', limit: 'turns' } });
  await broker.close();
  // The answer alone may need 1000 × 20 = 20,000 micro-USD.
  for (const [budget, limit] of [
    [{ maxCostMicroUsd: 20_000 }, 'cost'],
    [{ maxTokens: 1000 }, 'tokens'],
    [{ maxMinutes: 0 }, 'minutes'],
  ] as const) {
    await host[Symbol.asyncDispose]();
    await open([], { budget });
    const refused = await send(ask);
    expect(refused).toMatchObject({
      status: 402,
      error: { code: 'E307', limit, message: expect.stringContaining(`used up (${limit}): `) },
    });
    expect(host.requests).toHaveLength(0);
  }
});

test('calls side by side cannot reserve the same money', async () => {
  // Each reserves about 20,300 micro-USD: four fit into 90,000 while none of them is answered.
  await open(Array<FakeAnswer>(4).fill({ kind: 'hang' }), { budget: { maxCostMicroUsd: 90_000 } });
  const pending = Array.from({ length: 4 }, () => send(ask));
  await host.seen(4);
  expect(await send(ask)).toMatchObject({ status: 402, error: { limit: 'cost' } });
  await broker.close();
  for (const { status } of await Promise.allSettled(pending)) expect(status).toBe('rejected');
  host.check();
});

test('of twenty calls at once each is charged once', async () => {
  await open(Array<FakeAnswer>(20).fill(said));
  await Promise.all(Array.from({ length: 20 }, () => send(ask)));
  expect(broker.spend()).toMatchObject({ turns: 20, costMicroUsd: 20 * cost });
});

test('money that was reserved and not spent can be spent after', async () => {
  await open(Array<FakeAnswer>(10).fill(said), { budget: { maxCostMicroUsd: 21_000 + 3 * cost } });
  const statuses: number[] = [];
  for (let call = 0; call < 5; call += 1) statuses.push((await send(ask)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 402]);
});

test.each([
  [529, 'overloaded_error'],
  [401, 'authentication_error'],
  [400, 'invalid_request_error'],
])('an error %i of the host comes through with its type, is not charged and is no turn', async (status, type) => {
  await open([
    { kind: 'error', status, type, message: 'Because.', headers: { 'retry-after': '7', 'set-cookie': 'a=b' } },
  ]);
  const answer = await send(ask);
  expect(answer).toMatchObject({ status, error: { type, message: 'Because.' }, headers: { 'retry-after': '7' } });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(broker.spend()).toMatchObject({ turns: 0, costMicroUsd: 0 });
});

test('requests that only ever fail come to an end', async () => {
  await open(Array<FakeAnswer>(40).fill({ kind: 'error', status: 529 }), { budget: { maxTurns: 1 } });
  for (let call = 0; call < 30; call += 1) expect((await send(ask)).status).toBe(529);
  expect(await send(ask)).toMatchObject({ status: 402, error: { limit: 'turns' } });
});

test('a redirect is not followed and its address not told', async () => {
  const other = await startFakeAnthropic([said], { key });
  await open([{ kind: 'raw', status: 307, headers: { location: `${other.url}/v1/messages` }, parts: [] }]);
  const answer = await send(ask);
  expect(answer).toMatchObject({ status: 502, error: { code: 'E300', message: expect.stringContaining('307') } });
  expect(JSON.stringify(answer)).not.toContain(other.url);
  expect(other.requests).toHaveLength(0);
  await other[Symbol.asyncDispose]();
});

test('an answer that cannot be metered is not passed on and is charged as reserved', async () => {
  const packed = gzipSync(messageEvents(said as Extract<FakeAnswer, { kind: 'message' }>).join(''));
  await open([
    { kind: 'raw', headers: { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }, parts: [packed] },
  ]);
  expect(await send(ask)).toMatchObject({ status: 502, error: { message: expect.stringContaining('gzip') } });
  expect(broker.spend().costMicroUsd).toBeGreaterThan(20_000);
});

test('an answer without figures is charged as reserved', async () => {
  await open([{ kind: 'raw', headers: { 'content-type': 'application/json' }, parts: ['{"content":[]}'] }]);
  expect((await send(ask)).status).toBe(200);
  expect(broker.spend()).toMatchObject({ turns: 1 });
  expect(broker.spend().costMicroUsd).toBeGreaterThan(20_000);
});

test('a stream that breaks off is broken for the client and charged for what came', async () => {
  const [first = '', , second = ''] = messageEvents(said as Extract<FakeAnswer, { kind: 'message' }>);
  await open([{ kind: 'raw', parts: [first, second], finish: 'reset' }]);
  await expect(send(ask)).rejects.toThrow();
  const { turns, usage: used } = broker.spend();
  expect(turns).toBe(1);
  expect(used.inputTokens).toBe(100);
  expect(used.outputTokens).toBe(Math.ceil(Buffer.byteLength(first + second) / 4));
});

test('a client that leaves stops the host and is charged', async () => {
  const [first = ''] = messageEvents(said as Extract<FakeAnswer, { kind: 'message' }>);
  await open([{ kind: 'raw', parts: [first], finish: 'hang' }, { kind: 'hang' }]);
  for (const waitFor of ['data', 'seen']) {
    const request = http.request(`${broker.url}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { 'x-api-key': broker.token },
    });
    request.on('error', () => {});
    const data = new Promise((resolve) =>
      request.on('response', (response) => response.on('error', () => {}).once('data', resolve)),
    );
    request.end(JSON.stringify(ask));
    await (waitFor === 'data' ? data : host.seen(2));
    request.destroy();
    await expect.poll(() => broker.spend().turns).toBe(waitFor === 'data' ? 1 : 2);
  }
  expect(broker.spend().costMicroUsd).toBeGreaterThan(20_000);
});

test('silence of the host is 504, a host that is gone 502, both to be tried again', async () => {
  await open([{ kind: 'hang' }], { options: { idleMs: 60 } });
  expect(await send(ask)).toMatchObject({ status: 504, error: { code: 'E300', retryable: true } });
  await broker.close();
  await host[Symbol.asyncDispose]();
  await open([], { options: { targetBaseUrl: 'http://127.0.0.1:9' } });
  expect(await send(ask)).toMatchObject({ status: 502, error: { code: 'E300', retryable: true } });
});

test('closing ends what is under way and frees the port', async () => {
  await open([{ kind: 'hang' }]);
  const pending = send(ask);
  await host.seen(1);
  await broker.close();
  await expect(pending.then((sent) => sent.status)).rejects.toThrow();
  await expect(send(ask)).rejects.toThrow('ECONNREFUSED');
  await broker.close();
});

test('a long conversation that is in the cache is reserved at the price of a cache read', async () => {
  const cached = {
    input_tokens: 0,
    output_tokens: 10,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 100_000,
  };
  const reading = { ...cached, cache_read_input_tokens: 100_000, cache_creation_input_tokens: 0 };
  const long = { ...ask, system: [{ type: 'text', text: 'x'.repeat(300_000) }] };
  // Written once: 500,200; each call after: 20,200. At the price of a write only one call would fit.
  await open([{ ...said, usage: cached } as FakeAnswer, { ...said, usage: reading } as FakeAnswer], {
    budget: { maxCostMicroUsd: 600_000 },
  });
  expect((await send(long)).status).toBe(200);
  expect((await send(long)).status).toBe(200);
  clock.advance(6 * 60_000);
  expect(await send(long)).toMatchObject({ status: 402, error: { limit: 'cost' } });
});

test('figures split over chunks, with CRLF and foreign events, are read', async () => {
  const text = messageEvents(said as Extract<FakeAnswer, { kind: 'message' }>)
    .join('')
    .replaceAll('\n', '\r\n');
  const bytes = Buffer.from(event('novel_event', { usage: 'none' }) + text);
  const parts = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
    bytes.subarray(index * 7, index * 7 + 7),
  );
  await open([{ kind: 'raw', parts }]);
  await send(ask);
  expect(broker.spend()).toMatchObject({ turns: 1, costMicroUsd: cost });
});

test('near the end of the budget an answer may be shorter, but not uselessly short', async () => {
  const long = { ...ask, max_tokens: 16_000 };
  const affords = (tokens: number) => ({ budget: { maxCostMicroUsd: tokens * 20 + 1000 } });
  await open([said], affords(5000));
  expect((await send(long)).status).toBe(200);
  const granted = host.requests[0]?.body.max_tokens;
  expect(granted).toBeGreaterThanOrEqual(5000);
  expect(granted).toBeLessThan(5050);
  await broker.close();
  await host[Symbol.asyncDispose]();
  await open([], affords(1900));
  expect(await send(long)).toMatchObject({ status: 402, error: { limit: 'cost' } });
});
