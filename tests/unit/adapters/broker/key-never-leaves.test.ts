import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAnthropicModel } from '../../../../src/adapters/anthropic/anthropic-model.ts';
import { startBroker } from '../../../../src/adapters/broker/model-broker.ts';
import { openTrajectory } from '../../../../src/adapters/filesystem/trajectory-file.ts';
import { defaultBudget } from '../../../../src/domain/budget.ts';
import { describeError, EntropyError } from '../../../../src/domain/error.ts';
import { type FakeAnswer, startFakeAnthropic } from '../../../fakes/fake-anthropic.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const key = 'sk-ant-api03-Canary_0123456789-abcdefXYZ';
const bytes = Buffer.from(key);
const each = (make: (code: number) => string, separator = '') => [...bytes].map(make).join(separator);

/** As an echoing gateway, a debug page or a careless log line would show it. */
const encodings: Readonly<Record<string, string>> = {
  plain: key,
  'upper case': key.toUpperCase(),
  reversed: [...key].reverse().join(''),
  'split by blanks': [...key].join(' '),
  'split over lines': key.replaceAll(/(.{8})/g, '$1\n'),
  base64: bytes.toString('base64'),
  'base64 within a header': Buffer.from(`Bearer ${key}\n`).toString('base64'),
  'base64 as user and password': Buffer.from(`ab:${key}`).toString('base64'),
  base64url: bytes.toString('base64url'),
  hex: bytes.toString('hex'),
  'hex dump': each((code) => code.toString(16), ' '),
  'percent-encoded': each((code) => `%${code.toString(16).toUpperCase()}`),
  'C escapes': each((code) => `\\x${code.toString(16)}`),
  'JSON escapes': each((code) => `\\u${code.toString(16).padStart(4, '0')}`),
  'HTML entities': each((code) => `&#${code};`),
  'HTML hex entities': each((code) => `&#x${code.toString(16)};`),
  'character codes': each(String, ', '),
  octal: each((code) => `\\${code.toString(8).padStart(3, '0')}`),
  binary: each((code) => code.toString(2).padStart(8, '0'), ' '),
  rot13: key.replaceAll(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13))),
  'reversed base64': Buffer.from([...key].reverse().join('')).toString('base64'),
};

const printed: string[] = [];
beforeEach(() => {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

/** Everything that is left of a failed call: the error with its causes, what was printed, the trajectory's bytes. */
async function leftovers(answer: FakeAnswer): Promise<{ error: EntropyError; all: string }> {
  using folder = tempFolder();
  const path = join(folder.root, 'trajectory.jsonl');
  await using host = await startFakeAnthropic(Array<FakeAnswer>(8).fill(answer), { key });
  const clock = instantClock();
  await using broker = await startBroker({ targetBaseUrl: host.url, key: () => key, budget: defaultBudget, clock });
  broker.arm();
  const model = createAnthropicModel({ baseUrl: broker.url, authToken: broker.token, model: 'claude-opus-5-5', clock });
  using recorder = openTrajectory(path, { clock });
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }];
  const asked = { turn: 1, system: '', tools: [], messages, maxOutputTokens: 100 };
  const error = await model.complete(asked, new AbortController().signal).catch((thrown: unknown) => thrown);
  if (!(error instanceof EntropyError)) throw new Error('the call should have failed', { cause: error });
  recorder.record({ type: 'model.failed', turn: 1, message: describeError(error), retryable: error.retryable });
  const shown = inspect({ error, broker, spend: broker.spend() }, { depth: 10, showHidden: true });
  return { error, all: [shown, describeError(error), ...printed, readFileSync(path, 'utf8')].join('\n') };
}

function expectNoKey(all: string): void {
  const squeeze = (text: string) => text.replaceAll(/[^0-9a-z]/gi, '').toLowerCase();
  const squeezed = squeeze(all);
  for (const [name, form] of Object.entries(encodings)) {
    // Neighbours take part in the first and last characters of base64.
    expect(squeezed.includes(squeeze(form).slice(4, -4)), name).toBe(false);
  }
}

test.each(Object.entries(encodings))(
  'a host that shows the key %s in its error gives it to nobody',
  async (_, form) => {
    const text = `request was: x-api-key: ${form}!`;
    const inMessage = await leftovers({ kind: 'error', status: 400, type: 'invalid_request_error', message: text });
    expectNoKey(inMessage.all);
    expect(inMessage.error.message).toContain('withheld');
    const page = {
      kind: 'raw',
      status: 403,
      headers: { 'content-type': 'text/html' },
      parts: [`<pre>${text}</pre>`],
    } as const;
    expectNoKey((await leftovers(page)).all);
  },
);

test('a host that shows the key in the type, the headers or another field of its error gives it to nobody', async () => {
  expectNoKey((await leftovers({ kind: 'error', status: 400, type: key, message: 'no' })).all);
  expectNoKey(
    (await leftovers({ kind: 'error', status: 429, headers: { 'retry-after': '3600', 'request-id': key } })).all,
  );
  const body = JSON.stringify({ error: { type: 'x', message: 'y', request: { headers: { 'x-api-key': key } } } });
  expectNoKey((await leftovers({ kind: 'raw', status: 400, headers: {}, parts: [body] })).all);
});

test.each([
  ['resets', { kind: 'reset' }],
  ['redirects', { kind: 'raw', status: 302, headers: { location: `http://evil.example/?k=${key}` }, parts: [] }],
  ['is overloaded', { kind: 'error', status: 529 }],
] satisfies [string, FakeAnswer][])('a host that %s leaves no trace of the key', async (_, answer) => {
  expectNoKey((await leftovers(answer)).all);
});

test('an ordinary error is told as it is', async () => {
  const message = 'prompt is too long: 1000452 tokens > 1000000 maximum (request 9f8e7d6c5b4a3210)';
  const { error } = await leftovers({ kind: 'error', status: 400, type: 'invalid_request_error', message });
  expect(error.message).toContain(message);
});
