import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';

test('a file is created with its folders, plain and not executable', async () => {
  using folder = tempFolder();
  const outcome = await useTool('write_file', { path: 'a/b/c.txt', content: 'x\ny\n' }, toolContext(folder.root));
  expect(outcome).toEqual({ ok: true, output: 'a/b/c.txt created: 2 lines.', summary: '2 lines' });
  const file = path.join(folder.root, 'a/b/c.txt');
  expect(readFileSync(file, 'utf8')).toBe('x\ny\n');
  expect(statSync(file).mode & 0o111).toBe(0);
});

test('replacing a file keeps its mode', async () => {
  using folder = tempFolder({ 'run.sh': 'old' });
  chmodSync(path.join(folder.root, 'run.sh'), 0o755);
  const outcome = await useTool('write_file', { path: 'run.sh', content: 'new' }, toolContext(folder.root));
  expect(outcome.output).toBe('run.sh replaced: 1 line.');
  expect(statSync(path.join(folder.root, 'run.sh')).mode & 0o777).toBe(0o755);
});

test('losing CRLF line ends is told', async () => {
  using folder = tempFolder({ 'a.txt': 'a\r\nb\r\n' });
  const outcome = await useTool('write_file', { path: 'a.txt', content: 'a\nb\n' }, toolContext(folder.root));
  expect(outcome.output).toContain('every line differs');
});

test('text of any size and alphabet arrives byte by byte', async () => {
  using folder = tempFolder();
  const content = `${'ü€😀\u0000'.repeat(400_000)}end`;
  await useTool('write_file', { path: 'big.txt', content }, toolContext(folder.root));
  expect(readFileSync(path.join(folder.root, 'big.txt'), 'utf8') === content).toBe(true);
});

test('folders, a file in the way of a folder and .git are refused', async () => {
  using folder = tempFolder({ 'a.txt': 'a' });
  mkdirSync(path.join(folder.root, 'src'));
  const context = toolContext(folder.root);
  const write = async (name: string) => (await useTool('write_file', { path: name, content: 'x' }, context)).output;
  expect(await write('src')).toContain('is a folder');
  expect(await write('src/')).toContain('names a folder');
  expect(await write('a.txt/b.txt')).toContain('cannot be created');
  expect(await write('.git/config')).toContain('read-only');
  expect(await write('.GIT/hooks/x')).toContain('read-only');
  expect(await write('.')).toContain('workspace itself');
});
