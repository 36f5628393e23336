import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeAnswer, startFakeAnthropic } from '../fakes/fake-anthropic.ts';
import { openStage, type Stage } from './stage.ts';

const key = 'sk-ant-api03-only-for-this-test';

/** The whole workflow with a model that misbehaves. */
async function runWith(stage: Stage, answers: readonly FakeAnswer[], secrets: Readonly<Record<string, string>>) {
  await using anthropic = await startFakeAnthropic(answers, { key });
  const issue = await stage.openIssue();
  const lines: string[] = [];
  const run = await stage.run({
    payload: await stage.comment(issue, '/agent fix'),
    issue,
    inputs: { model: 'claude-opus-4-8', 'anthropic-base-url': anthropic.url },
    secrets,
    onRunnerEvent: (event) => {
      if (event.type === 'log') lines.push(event.line);
    },
  });
  const publish = run.report.jobs.find(({ id }) => id.endsWith('publish'));
  return { run, issue, requests: anthropic.requests.length, outputs: publish?.outputs ?? {}, log: lines.join('\n') };
}

const overloaded: FakeAnswer = {
  kind: 'error',
  status: 529,
  type: 'overloaded_error',
  message: 'Overloaded',
  headers: { 'retry-after-ms': '20' },
};
const notAStream: FakeAnswer = { kind: 'raw', headers: { 'content-type': 'text/html' }, parts: ['<h1>Sign in</h1>'] };
const cutOff: FakeAnswer = { kind: 'raw', parts: ['event: message_start\ndata: {"type":"message_start","mess'] };

describe('a model that cannot be used', () => {
  it.each([
    { what: 'no key', answers: [], secrets: {}, code: 'E301', requests: 0 },
    {
      what: 'a key that is not accepted',
      answers: [],
      secrets: { ANTHROPIC_API_KEY: 'sk-ant-api03-another-one' },
      code: 'E302',
      requests: 1,
    },
    {
      what: 'a model that stays overloaded',
      answers: Array(8).fill(overloaded),
      secrets: { ANTHROPIC_API_KEY: key },
      code: 'E303',
      requests: 8,
    },
    {
      what: 'something that is no Messages API',
      answers: [notAStream, notAStream],
      secrets: { ANTHROPIC_API_KEY: key },
      code: 'E304',
      requests: 2,
    },
    {
      what: 'an answer that breaks off',
      answers: [cutOff, cutOff],
      secrets: { ANTHROPIC_API_KEY: key },
      code: 'E304',
      requests: 2,
    },
  ])(
    '$what: $code on the issue with a way out, nothing published, nothing claimed',
    async ({ answers, secrets, code, requests }) => {
      await using stage = await openStage();
      const { run, issue, outputs, log, requests: made } = await runWith(stage, answers, secrets);
      expect(run.report.conclusion).toBe('failure');
      expect(outputs).toMatchObject({ outcome: 'failed', 'pull-request': '' });
      const told = await stage.tracking(issue);
      expect(told).toContain('coder failed');
      expect(told).toContain(code);
      expect(log).toContain(code);
      expect(made).toBe(requests);
      expect(await stage.claim(issue)).toEqual({ state: 'free', fence: 1 });
      expect([await stage.pulls(), await stage.branches()]).toEqual([[], ['main']]);
      for (const secret of Object.values(secrets)) expect(`${log}${told}`).not.toContain(secret);
    },
  );

  it('gets over a few 529s without anybody noticing', async () => {
    await using stage = await openStage();
    const ask: FakeAnswer = {
      kind: 'message',
      content: [{ type: 'tool_use', id: 'toolu_1', name: 'ask', input: { questions: ['Which of the two?'] } }],
    };
    const secrets = { ANTHROPIC_API_KEY: key };
    const { issue, outputs, requests } = await runWith(stage, [overloaded, overloaded, ask], secrets);
    expect(outputs).toMatchObject({ outcome: 'needs_info' });
    expect(requests).toBe(3);
    expect(await stage.tracking(issue)).toContain('Which of the two?');
  });
});

describe('a model that makes mistakes', () => {
  it('is told what is wrong with a tool, an input or an edit, and comes to an end all the same', async () => {
    await using stage = await openStage();
    const issue = await stage.openIssue();
    const script = path.join(stage.root, 'mistakes.script.json');
    writeFileSync(script, JSON.stringify({ script: 1, replies: mistakes }));
    const run = await stage.run({
      payload: await stage.comment(issue, '/agent fix'),
      issue,
      inputs: { model: `scripted:${script}` },
    });
    expect(run.result?.reason).toContain('The change is ready');
    expect(run.report.conclusion).toBe('success');
    const [pull] = await stage.pulls();
    const files = await stage.send<{ filename: string }[]>('alice', 'GET', `/pulls/${pull?.number}/files`);
    expect(files.map(({ filename }) => filename)).toEqual(['notes.txt']);
  });
});

const call = (tool: string, input: Readonly<Record<string, unknown>>) => ({ tool, input });
const failedWith = (...contains: string[]) => ({ result: { ok: false, contains } });
const edit = (old_text: string, new_text: string) => call('edit_file', { path: 'notes.txt', old_text, new_text });

/** Each reply expects what the one before must have been answered. */
const mistakes = [
  { calls: [call('browse_the_web', { url: 'https://example.com' })] },
  {
    expect: failedWith('There is no tool "browse_the_web"', 'edit_file'),
    calls: [call('read_file', { file: 'README.md' })],
  },
  { expect: failedWith('path'), calls: [call('write_file', { path: 'notes.txt', content: 'one\ntwo\ntwo\n' })] },
  { expect: { result: { ok: true } }, calls: [edit('three', 'four')] },
  { expect: failedWith('notes.txt'), calls: [edit('two', 'four')] },
  { expect: failedWith('2'), calls: [edit('one\ntwo', 'one\nfour')] },
  { expect: { result: { ok: true } }, calls: [call('read_file', { path: '/etc/passwd' })] },
  { expect: { result: { ok: false } }, calls: [call('write_file', { path: '../outside.txt', content: 'x' })] },
  {
    expect: { result: { ok: false } },
    calls: [call('submit', { title: 'Add notes', body: 'After some mistakes.', verified: [] })],
  },
];
