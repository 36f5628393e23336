import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { plainSandbox } from '../../../fakes/plain-sandbox.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';

async function run(input: { command: string; timeout_seconds?: number }, change = {}) {
  using folder = tempFolder();
  return await useTool('bash', input, toolContext(folder.root, change));
}

test('both streams are shown in the order in which they were written', async () => {
  const outcome = await run({ command: 'echo a; echo b >&2; echo c' });
  expect(outcome).toEqual({ ok: true, output: 'a\nb\nc\n', summary: '✔' });
});

test('a failure ends with its exit code', async () => {
  expect(await run({ command: 'echo no; exit 3' })).toEqual({
    ok: false,
    output: 'no\n[exit code 3]',
    summary: '✗ exit 3',
  });
  expect((await run({ command: 'false' })).output).toBe('[exit code 1]');
  expect((await run({ command: 'true' })).output).toBe('[exit code 0, nothing printed]');
});

test('words of bash are understood, and sh takes over where there is no bash', async () => {
  expect((await run({ command: '[[ abc == a* ]] && echo yes' })).output).toBe('yes\n');
  using folder = tempFolder();
  using programs = tempFolder();
  symlinkSync('/bin/sh', path.join(programs.root, 'sh'));
  const sandbox = plainSandbox(folder.root, { path: programs.root });
  const outcome = await useTool('bash', { command: 'echo plain' }, toolContext(folder.root, { sandbox }));
  expect(outcome.output).toBe('plain\n');
});

test('a command that hangs is stopped, and what it printed is shown', async () => {
  const outcome = await run({ command: 'echo begun; sleep 60', timeout_seconds: 1 });
  expect(outcome.summary).toBe('✗ timeout 1 s');
  expect(outcome.output).toContain('begun\n[stopped after 1 s');
});

test('no command outlives the minutes that are left', async () => {
  const outcome = await run({ command: 'sleep 60', timeout_seconds: 600 }, { remainingMs: 200 });
  expect(outcome.summary).toMatch(/^✗ timeout/);
  expect(outcome.output).toContain('It printed nothing');
});

test('endless output is stopped and shown by its head and tail', async () => {
  const outcome = await run({ command: 'echo first; seq 1 200000; echo last; exit 1' });
  expect(outcome.output.length).toBeLessThanOrEqual(16_000);
  expect(outcome.output).toMatch(/^first\n/);
  expect(outcome.output).toMatch(/bytes left out …\]/);
  expect(outcome.output).toMatch(/last\n\[exit code 1\]$/);
});

test('colours are taken out', async () => {
  expect((await run({ command: String.raw`printf '\033[31mred\033[0m\n'` })).output).toBe('red\n');
});

test('a command with a NUL or too long for an argument is refused', async () => {
  expect((await run({ command: 'echo \0' })).output).toContain('NUL');
  expect((await run({ command: `echo ${'é'.repeat(70_000)}` })).output).toContain('too long');
});

test('a breach of limits is told by its name', async () => {
  using folder = tempFolder();
  const inner = plainSandbox(folder.root);
  const limiting = {
    ...inner,
    run: async (command: Parameters<typeof inner.run>[0], signal: AbortSignal) => ({
      ...(await inner.run(command, signal)),
      exitCode: null,
      signal: 'SIGKILL',
      exceeded: 'memory' as const,
    }),
  };
  const outcome = await useTool('bash', { command: 'echo x' }, toolContext(folder.root, { sandbox: limiting }));
  expect(outcome).toMatchObject({ ok: false, summary: '✗ memory' });
  expect(outcome.output).toContain('more memory than the limit allows');
});
