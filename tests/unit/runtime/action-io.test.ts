import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseKeyValueFile } from '../../../src/embedded/runner/io/key-value-file.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const module = new URL('../../../src/runtime/action-io.ts', import.meta.url).href;

/** In a process of its own, as a runner starts it: what it says, and with what it ends. */
function step(lines: string, env: Readonly<Record<string, string>>): Promise<{ code: number; stdout: string }> {
  const script = `const { createActionIo, runAction } = await import(${JSON.stringify(module)}); const io = createActionIo();\n${lines}`;
  return new Promise((resolve) => {
    const args = ['--input-type=module', '-e', script];
    execFile(process.execPath, args, { env }, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}

test('outputs, state and summary are in the files that the runner gave, added to what is there', async () => {
  using folder = tempFolder({ output: 'first=1\n', state: '', summary: '# Before\n' });
  const file = (name: string): string => path.join(folder.root, name);
  const env = { GITHUB_OUTPUT: file('output'), GITHUB_STATE: file('state'), GITHUB_STEP_SUMMARY: file('summary') };
  const { code, stdout } = await step(
    `await io.outputs({ outcome: 'succeeded', report: 'two\\nlines' }); await io.saveState('a', 'b'); await io.summary('## After');`,
    env,
  );
  expect([code, stdout]).toEqual([0, '']);
  expect(parseKeyValueFile(readFileSync(file('output'), 'utf8'))).toEqual({
    kind: 'pairs',
    pairs: [
      ['first', '1'],
      ['outcome', 'succeeded'],
      ['report', 'two\nlines'],
    ],
  });
  expect(parseKeyValueFile(readFileSync(file('state'), 'utf8'))).toEqual({ kind: 'pairs', pairs: [['a', 'b']] });
  expect(readFileSync(file('summary'), 'utf8')).toBe('# Before\n## After\n');
});

test('what the runner gave no file for is told as lost', async () => {
  const { code, stdout } = await step(`await io.outputs({ outcome: 'succeeded' });`, {});
  expect([code, stdout]).toEqual([
    0,
    '::warning::the runner gave no GITHUB_OUTPUT: what this step hands over is lost\n',
  ]);
});

test('an error makes the step red, with all of its lines in one command', async () => {
  using folder = tempFolder({ state: '' });
  const { code, stdout } = await step(`await runAction(async () => { throw new Error('a\\n::add-mask::b'); });`, {
    GITHUB_STATE: path.join(folder.root, 'state'),
  });
  expect([code, stdout]).toEqual([1, '::error::E900 a%0A::add-mask::b\n']);
});
