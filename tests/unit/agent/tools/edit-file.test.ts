import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { plainSandbox } from '../../../fakes/plain-sandbox.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';

async function editOne(content: string | Uint8Array, oldText: string, newText: string) {
  using folder = tempFolder({ 'a.txt': content });
  const context = toolContext(folder.root);
  const outcome = await useTool('edit_file', { path: 'a.txt', old_text: oldText, new_text: newText }, context);
  return { outcome, after: readFileSync(path.join(folder.root, 'a.txt')), names: readdirSync(folder.root) };
}

test('one match is replaced, and the answer shows the lines as they are now', async () => {
  const { outcome, after, names } = await editOne('one\ntwo\nthree\n', 'two\n', '2\n2b\n');
  expect(after.toString()).toBe('one\n2\n2b\nthree\n');
  expect(outcome).toMatchObject({ ok: true, summary: '+2 −1' });
  expect(outcome.output).toContain('2\t2\n3\t2b\n4\tthree');
  expect(names).toEqual(['a.txt']);
});

test('no match changes nothing and names the nearest lines', async () => {
  const { outcome, after } = await editOne('const limit = 10;\nother\n', 'const limit = 11;', 'x');
  expect(outcome).toMatchObject({ ok: false, summary: '✗ 0 matches' });
  expect(outcome.output).toContain('1\tconst limit = 10;');
  expect(after.toString()).toBe('const limit = 10;\nother\n');
});

test('a difference in white space alone is shown with tabs and end spaces made visible', async () => {
  const { outcome } = await editOne('if (x) {\n\treturn 1;  \n}\n', 'if (x) {\n  return 1;\n}', 'y');
  expect(outcome.output).toContain('Lines 1-3 differ from old_text only in white space');
  expect(outcome.output).toContain('2\t→return 1;··');
});

test('line numbers copied from read_file are recognised', async () => {
  const { outcome } = await editOne('a\nb\nc\n', '1\ta\n2\tb', 'x');
  expect(outcome.output).toContain('line numbers that read_file shows');
});

test('two matches change nothing and are told by line', async () => {
  const { outcome, after } = await editOne('x\ny\nx\n', 'x', 'z');
  expect(outcome).toMatchObject({ ok: false, summary: '✗ 2 matches' });
  expect(outcome.output).toContain('stands 2 times in a.txt (lines 1, 3)');
  expect(after.toString()).toBe('x\ny\nx\n');
});

test('CRLF stays CRLF though the model writes line feeds', async () => {
  const { after } = await editOne('one\r\ntwo\r\nthree\r\n', 'one\ntwo\n', 'one\nnew\ntwo\n');
  expect(after.toString()).toBe('one\r\nnew\r\ntwo\r\nthree\r\n');
});

test('a single-line edit in a CRLF file adds CRLF lines', async () => {
  const { after } = await editOne('one\r\ntwo', 'two', 'two\nthree');
  expect(after.toString()).toBe('one\r\ntwo\r\nthree');
});

test('CRLF in old_text against a file of line feeds is named as the reason', async () => {
  const { outcome } = await editOne('one\ntwo\n', 'one\r\ntwo', 'x');
  expect(outcome.output).toContain('other line ends');
});

test('a byte order mark, a missing final newline and bytes that are no UTF-8 come out as they went in', async () => {
  const before = Buffer.concat([Buffer.from('\uFEFFfirst\ncaf'), Buffer.from([0xe9]), Buffer.from('\nlast')]);
  const { after } = await editOne(before, 'first', 'erst');
  const expected = Buffer.concat([Buffer.from('\uFEFFerst\ncaf'), Buffer.from([0xe9]), Buffer.from('\nlast')]);
  expect(after.equals(expected)).toBe(true);
});

test('binary files, empty old_text and texts that are the same are refused', async () => {
  expect((await editOne(Buffer.from([1, 0, 2]), 'a', 'b')).outcome.summary).toBe('✗ binary');
  expect((await editOne('a', '', 'b')).outcome.output).toContain('write_file');
  expect((await editOne('a', 'a', 'a')).outcome.summary).toBe('✗ no change');
});

test('a file that is larger than 16 MiB is refused and not touched', async () => {
  using folder = tempFolder({ 'big.txt': Buffer.alloc(16 * 1024 * 1024 + 1, 'a') });
  const input = { path: 'big.txt', old_text: 'b', new_text: 'c' };
  expect(await useTool('edit_file', input, toolContext(folder.root))).toMatchObject({ summary: '✗ too large' });
});

test('a 10 MB file is edited', async () => {
  using folder = tempFolder({ 'big.txt': `${'line\n'.repeat(2_000_000)}needle\n` });
  const input = { path: 'big.txt', old_text: 'needle', new_text: 'thread' };
  const outcome = await useTool('edit_file', input, toolContext(folder.root));
  expect(outcome).toMatchObject({ ok: true, summary: '+1 −1' });
  expect(statSync(path.join(folder.root, 'big.txt')).size).toBe(10_000_007);
});

test('the executable bit is kept', async () => {
  using folder = tempFolder({ 'run.sh': 'echo a\n' });
  const file = path.join(folder.root, 'run.sh');
  chmodSync(file, 0o755);
  await useTool('edit_file', { path: 'run.sh', old_text: 'a', new_text: 'b' }, toolContext(folder.root));
  expect(statSync(file).mode & 0o777).toBe(0o755);
  expect(readFileSync(file, 'utf8')).toBe('echo b\n');
});

test('a symlink stays one and its target is edited', async () => {
  using folder = tempFolder({ 'real/a.txt': 'a\n' });
  symlinkSync('real/a.txt', path.join(folder.root, 'link.txt'));
  await useTool('edit_file', { path: 'link.txt', old_text: 'a', new_text: 'b' }, toolContext(folder.root));
  expect(lstatSync(path.join(folder.root, 'link.txt')).isSymbolicLink()).toBe(true);
  expect(readFileSync(path.join(folder.root, 'real/a.txt'), 'utf8')).toBe('b\n');
});

test('a write that is cut short leaves the old file and nothing else', async () => {
  using folder = tempFolder({ 'a.txt': 'old content\n' });
  const inner = plainSandbox(folder.root);
  const losing = {
    ...inner,
    run: (command: Parameters<typeof inner.run>[0], signal: AbortSignal) =>
      inner.run(command.stdin === undefined ? command : { ...command, stdin: command.stdin.subarray(0, 3) }, signal),
  };
  const input = { path: 'a.txt', old_text: 'old', new_text: 'new' };
  const outcome = await useTool('edit_file', input, toolContext(folder.root, { sandbox: losing }));
  expect(outcome).toMatchObject({ ok: false, summary: '✗ failed' });
  expect(outcome.output).toContain('was not changed');
  expect(readFileSync(path.join(folder.root, 'a.txt'), 'utf8')).toBe('old content\n');
  expect(readdirSync(folder.root)).toEqual(['a.txt']);
});

test('a write that is cancelled leaves the old file and nothing else', async () => {
  using folder = tempFolder({ 'a.txt': 'old\n' });
  const cancel = new AbortController();
  const inner = plainSandbox(folder.root);
  const stopping = {
    ...inner,
    run: (command: Parameters<typeof inner.run>[0], signal: AbortSignal) => {
      if (command.stdin === undefined) return inner.run(command, signal);
      // The program holds the write open before the rename, so the cancel falls into the middle of it.
      const [shell, flag, source, ...args] = command.argv;
      const slow = `${source?.replace('mv -f', 'sleep 60; mv -f')}`;
      setTimeout(() => cancel.abort(new Error('stopped by @bob')), 150);
      return inner.run({ ...command, argv: [shell, flag ?? '', slow, ...args] }, signal);
    },
  };
  const input = { path: 'a.txt', old_text: 'old', new_text: 'new' };
  const context = toolContext(folder.root, { sandbox: stopping, signal: cancel.signal });
  await expect(useTool('edit_file', input, context)).rejects.toThrow('stopped by @bob');
  expect(readFileSync(path.join(folder.root, 'a.txt'), 'utf8')).toBe('old\n');
  expect(readdirSync(folder.root)).toEqual(['a.txt']);
});

test('a text that is there with something invisible in it is told as such', async () => {
  const { outcome } = await editOne('const a\u200b = 1;\n', 'const a = 1;', 'x');
  expect(outcome).toMatchObject({ ok: false });
  expect(outcome.output).toContain('invisible characters');
  const shown = await editOne('const a\u200b = 1;\n', 'const a⟨U+200B⟩ = 1;', 'x');
  expect(shown.outcome.output).toContain('invisible characters');
});
