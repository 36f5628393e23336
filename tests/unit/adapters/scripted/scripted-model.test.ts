import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseScript } from '../../../../src/adapters/scripted/script-file.ts';
import { createScriptedModel, openScriptedModel } from '../../../../src/adapters/scripted/scripted-model.ts';
import type { Message } from '../../../../src/domain/conversation.ts';
import type { ModelRequest } from '../../../../src/ports/model.ts';
import { anyText } from '../../../fakes/any-text.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const { signal } = new AbortController();
const script = (text: string, name = 'script.yml') => parseScript(Buffer.from(text), name);
const misfit = (message: string | RegExp) =>
  expect.objectContaining({ code: 'E305', message: expect.stringMatching(message), retryable: false });

function request(turn: number, ...results: { content: string; isError?: boolean; name?: string }[]): ModelRequest {
  const issue: Message = { role: 'user', content: [{ type: 'text', text: 'Issue 1: slugify drops the last word' }] };
  const called: Message = {
    role: 'assistant',
    content: results.map(({ name = 'bash' }, index) => ({ type: 'tool_use', id: `c${index}`, name, input: {} })),
  };
  const answered: Message = {
    role: 'user',
    content: results.map(({ content, isError = false }, index) => ({
      type: 'tool_result',
      toolUseId: `c${index}`,
      content,
      isError,
    })),
  };
  const messages = results.length === 0 ? [issue] : [issue, called, answered];
  return { turn, system: 'You are a coder.', tools: [], messages, maxOutputTokens: 1000 };
}

test('replies come in order, with texts, calls, usage and cost', async () => {
  const model = createScriptedModel(
    await script(`
script: 1
replies:
  - text: I look first.
    calls:
      - { tool: bash, input: { command: npm test } }
      - tool: read_file
        input: { path: src/slugify.ts }
    usage: { input_tokens: 10, output_tokens: 2, cache_read_tokens: 3, cache_write_tokens: 4 }
    cost_usd: 0.25
  - text: Nothing to do.
`),
  );
  expect(await model.complete(request(1), signal)).toEqual({
    model: 'scripted',
    content: [
      { type: 'text', text: 'I look first.' },
      { type: 'tool_use', id: 'call_1_1', name: 'bash', input: { command: 'npm test' } },
      { type: 'tool_use', id: 'call_1_2', name: 'read_file', input: { path: 'src/slugify.ts' } },
    ],
    stopReason: 'tool_use',
    usage: { inputTokens: 10, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
    costMicroUsd: 250_000,
  });
  expect(() => model.checkUsedUp()).toThrow(misfit('after reply 1 of 2'));
  expect(await model.complete(request(2), signal)).toMatchObject({ stopReason: 'end_turn', costMicroUsd: 0 });
  expect(model.remaining()).toBe(0);
  model.checkUsedUp();
  await expect(model.complete(request(3), signal)).rejects.toThrow(misfit('turn 3, but the script has only 2 replies'));
});

const failing = { content: '1 of 9 failed\n[exit code 1]', isError: true };
const passing = { content: '9 of 9' };

test.each([
  ['turn: 2', [], /expects turn 2; seen: turn 1/],
  ['saw: a word', [], /to have seen "a word"; seen: .*slugify drops/],
  ['not_saw: [nothing, "drops the last"]', [], /not to have seen "drops the last"/],
  ['result: {}', [], /expects the last result; seen: 0 results/],
  ['result: { ok: true }', [failing], /to be ok; seen: failed: "1 of 9 failed/],
  ['result: { ok: false }', [passing], /to have failed; seen: ok: "9 of 9"/],
  ['result: { exit_code: 2 }', [failing], /exit code 2; seen: failed: .*exit code 1/],
  ['result: { exit_code: 0 }', [failing], /exit code 0/],
  ['result: { exit_code: 1 }', [passing], /exit code 1/],
  ['result: { tool: read_file }', [passing], /to be of read_file; seen: bash/],
  ['result: { contains: ["9 of", "10"] }', [passing], /to contain "10"/],
  ['result: { lacks: failed }', [failing], /not to contain "failed"/],
  ['result: { matches: "^10 of" }', [passing], /to match \/\^10 of\//],
  ['result: [{ call: 1, ok: true }, { call: 2, ok: true }]', [passing, failing], /result 2 to be ok/],
  ['result: { call: 3 }', [passing], /result 3; seen: 1 results/],
])('unmet expectation %s names what was expected and what was seen', async (expectation, results, message) => {
  const model = createScriptedModel(await script(`{ script: 1, replies: [{ text: x, expect: { ${expectation} } }] }`));
  await expect(model.complete(request(1, ...results), signal)).rejects.toThrow(misfit(message));
  await expect(model.complete(request(1, ...results), signal)).rejects.toThrow(misfit('reply 1 of 1'));
});

test.each([
  ['turn: 1, saw: [slugify, "You are a coder"], not_saw: sk-ant', []],
  [
    'result: { ok: false, exit_code: 1, contains: "1 of 9", lacks: "9 of 9", matches: "^1 of \\\\d failed$" }',
    [failing],
  ],
  ['result: { ok: true, exit_code: 0, tool: bash }', [passing]],
  ['result: { exit_code: 0 }', [{ content: '[exit code 0, nothing printed]' }]],
])('met expectation %s lets the reply through', async (expectation, results) => {
  const model = createScriptedModel(await script(`{ script: 1, replies: [{ text: x, expect: { ${expectation} } }] }`));
  await expect(model.complete(request(1, ...results), signal)).resolves.toMatchObject({ stopReason: 'end_turn' });
});

test.each([
  ['replies: []', /script: .*; replies: /],
  ['script: 2\nreplies: [{ text: x }]', /script: /],
  ['script: 1\nreplies: [{ txt: x }]', /replies\[0\]: .*"txt"/],
  ['script: 1\nreplies: [{ text: x, expect: { result: { contain: y } } }]', /replies\[0\].expect.result.*"contain"/],
  ['script: 1\nreplies: [{ text: x, calls: [{ tool: bash, inputs: {} }] }]', /replies\[0\].calls\[0\].*"inputs"/],
  ['script: 1\nreplies: [{ expect: { turn: 1 } }]', /replies\[0\]: needs text, calls or stop/],
  ['script: 1\nreplies: [{ text: x, expect: { result: { matches: "(" } } }]', /matches: SyntaxError/],
  ['script: 1\nreplies: [{ text: x }, { text: y, text: z }]', /unique/],
  ['script: 1\nreplies: [{ text: !js/function x }]', /tag/i],
  [
    'script: 1\nreplies: [{ calls: [{ tool: a, input: { c: { $base64: "!!" } } }] }]',
    /input.c: \$base64 is not base64/,
  ],
  ['script: 1\nreplies: [{ calls: [{ tool: a, input: { c: { $base64: "/w==" } } }] }]', /not UTF-8/],
  ['script: 1\nreplies: [{ calls: [{ tool: a, input: { $base64: "YQ==", d: 1 } }] }]', /stands alone/],
  ['script: [', /script\.yml is not valid/],
  ['', /the script: /],
])('a script that is wrong is refused before the run: %s', async (text, message) => {
  await expect(script(text)).rejects.toThrow(misfit(message));
});

test('JSON is read as JSON, and bytes that are not UTF-8 are refused', async () => {
  await expect(script('{"script":1,"replies":[{"text":"x"}]}', 's.json')).resolves.toMatchObject({ script: 1 });
  await expect(script('script: 1', 's.json')).rejects.toThrow(misfit('s.json is not valid'));
  await expect(parseScript(Uint8Array.of(0xff, 0xfe), 's.yml')).rejects.toThrow(misfit('not valid'));
});

test('any text of 25 files goes through YAML, JSON and base64 byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyText({ maxLength: 200 }), { minLength: 25, maxLength: 25 }),
      fc.constantFrom('yaml', 'json', 'base64'),
      async (contents, how) => {
        const content = (text: string) => (how === 'base64' ? { $base64: Buffer.from(text).toString('base64') } : text);
        const calls = contents.map((text, index) => ({
          tool: 'write_file',
          input: { path: `f${index}`, content: content(text) },
        }));
        const value = { script: 1, replies: [{ calls }] };
        const text = how === 'yaml' ? stringify(value) : JSON.stringify(value);
        const parsed = await script(text, how === 'json' ? 's.json' : 's.yml');
        expect(parsed.replies[0]?.calls?.map(({ input }) => input)).toEqual(
          contents.map((text, index) => ({ path: `f${index}`, content: text })),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('a block of YAML keeps its lines, and base64 keeps CRLF, tabs and a byte order mark', async () => {
  const parsed = await script(`
script: 1
replies:
  - calls:
      - tool: write_file
        input:
          path: a.ts
          content: |
            export function a() {
              return "b\\n";
            }
      - tool: write_file
        input: { path: b.bat, content: { $base64: "77u/QGVjaG8gb2ZmDQoJeCAgDQo=" } }
`);
  const [first, second] = parsed.replies[0]?.calls ?? [];
  expect(first?.input).toMatchObject({ content: 'export function a() {\n  return "b\\n";\n}\n' });
  expect(second?.input).toMatchObject({ content: '\uFEFF@echo off\r\n\tx  \r\n' });
});

test('a wait takes the time of the clock and ends with the signal', async () => {
  using folder = tempFolder();
  const path = join(folder.root, 's.yml');
  writeFileSync(path, 'script: 1\nreplies: [{ text: x, wait_ms: 5000 }, { text: y, wait_ms: 60000 }]');
  const clock = instantClock();
  const model = await openScriptedModel(path, clock);
  await model.complete(request(1), signal);
  expect(clock.sleeps).toEqual([5000]);
  const realTime = await openScriptedModel(path);
  const controller = new AbortController();
  const waiting = realTime.complete(request(1), controller.signal);
  controller.abort(new Error('stopped by bob'));
  await expect(waiting).rejects.toThrow('stopped by bob');
  expect(realTime.remaining()).toBe(2);
});

test('a missing file is E102', async () => {
  await expect(openScriptedModel('/nowhere/s.yml')).rejects.toThrow(expect.objectContaining({ code: 'E102' }));
});

test('the script in the documentation and the one of the sample are valid', async () => {
  const page = readFileSync('docs/scripted-model.md', 'utf8');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  await expect(script(example)).resolves.toMatchObject({ script: 1 });
  await expect(parseScript(readFileSync('examples/slug-fix.script.yaml'), 's.yaml')).resolves.toMatchObject({
    script: 1,
  });
});
