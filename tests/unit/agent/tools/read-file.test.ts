import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';

async function read(content: string | Uint8Array, range: { from_line?: number; to_line?: number } = {}) {
  using folder = tempFolder({ 'src/a.txt': content });
  return await useTool('read_file', { path: 'src/a.txt', ...range }, toolContext(folder.root));
}

test('a small file is shown whole, with line numbers', async () => {
  expect(await read('one\ntwo\n')).toEqual({ ok: true, output: '1\tone\n2\ttwo', summary: '2 lines' });
});

test('a range is shown with what is around it told', async () => {
  const outcome = await read('a\nb\nc\nd\n', { from_line: 2, to_line: 3 });
  expect(outcome.output).toBe('2\tb\n3\tc\n[lines 2-3 of 4; go on with from_line 4]');
});

test('a long file is shown as far as it fits, with the line to go on from', async () => {
  const outcome = await read('0123456789 0123456789\n'.repeat(5_000));
  expect(outcome.output.length).toBeLessThanOrEqual(16_000);
  expect(outcome.output).toMatch(/\[lines 1-\d+ of 5000; go on with from_line \d+\]$/);
});

test('of a 10 MB file the range that was asked for is shown', async () => {
  const outcome = await read('some line of text\n'.repeat(600_000), { from_line: 500_000, to_line: 500_001 });
  expect(outcome.output).toContain('500000\tsome line of text\n500001\tsome line of text');
  expect(outcome.output).toContain('10,800,000 bytes; lines 500000-500001 of 600000');
});

test('a 10 MB line is cut, and says so', async () => {
  const outcome = await read('x'.repeat(10_000_000));
  expect(outcome.output.length).toBeLessThan(3_000);
  expect(outcome.output).toContain('characters of this line left out');
});

test('binary files are refused, UTF-16 by its name', async () => {
  expect((await read(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]))).output).toContain('is binary');
  expect((await read(Buffer.from('\uFEFFhello', 'utf16le'))).output).toContain('looks like UTF-16');
  expect((await read(Buffer.alloc(300_000))).summary).toBe('✗ binary');
});

test('bytes that are no UTF-8 are shown as what they are', async () => {
  const outcome = await read(Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from(' é\n')]));
  expect(outcome.output).toBe('1\tcaf\\xE9 é\n[not UTF-8: 1 byte shown as \\xNN]');
});

test('line ends, a byte order mark and a missing final newline are told', async () => {
  expect((await read('a\r\nb\r\n')).output).toBe('1\ta\n2\tb\n[lines end with CRLF]');
  expect((await read('a\r\nb\n')).output).toContain('line ends are mixed: 1 of 2 are CRLF');
  expect((await read('\uFEFFa\n')).output).toContain('byte order mark');
  expect((await read('a')).output).toBe('1\ta\n[no newline at the end of the file]');
  expect((await read('')).output).toBe('[the file is empty]');
});

test('a range past the end and a range backwards are refused with the reason', async () => {
  expect((await read('a\nb\n', { from_line: 3 })).output).toContain('has 2 lines');
  expect((await read('a\nb\n', { from_line: 2, to_line: 1 })).output).toContain('before from_line');
});

test('a missing file, a folder and a named pipe are refused at once', async () => {
  using folder = tempFolder({ 'src/a.txt': 'a' });
  execFileSync('mkfifo', [path.join(folder.root, 'pipe')]);
  const context = toolContext(folder.root);
  expect((await useTool('read_file', { path: 'b.txt' }, context)).summary).toBe('✗ not found');
  expect((await useTool('read_file', { path: 'src' }, context)).summary).toBe('✗ folder');
  expect((await useTool('read_file', { path: 'pipe' }, context)).summary).toBe('✗ special file');
});

test('names that look like options or shell are names and nothing else', async () => {
  const names = ['-n', '$(touch pwned)', '; touch pwned', 'a b', "it's", '`id`', '*'];
  using folder = tempFolder(Object.fromEntries(names.map((name) => [name, `content of ${name}\n`])));
  const context = toolContext(folder.root);
  for (const name of names) {
    expect((await useTool('read_file', { path: name }, context)).output).toBe(`1\tcontent of ${name}`);
  }
  expect((await useTool('find_files', { glob: 'pwned' }, context)).summary).toBe('no file');
});
