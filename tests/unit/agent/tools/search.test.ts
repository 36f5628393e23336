import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { toolContext, useTool } from '../../../fakes/tool-context.ts';

const tree = {
  'src/a.ts': 'first\nneedle here\n',
  'src/deep/b.tsx': 'needle\n',
  'src/deep/c.js': 'Needle (x)\n',
  'docs/d.md': 'a needle\r\n',
  '.git/config': 'needle\n',
  'node_modules/x/index.js': 'needle\n',
  'bin.dat': Buffer.from('needle\0'),
};

async function search(input: Record<string, unknown>) {
  using folder = tempFolder(tree);
  return await useTool('search', input, toolContext(folder.root));
}

async function find(input: Record<string, unknown>) {
  using folder = tempFolder(tree);
  return await useTool('find_files', input, toolContext(folder.root));
}

test('text is found with path and line, sorted, without .git, node_modules and binary files', async () => {
  const outcome = await search({ pattern: 'needle' });
  expect(outcome.output).toBe('docs/d.md:1:a needle\nsrc/a.ts:2:needle here\nsrc/deep/b.tsx:1:needle');
  expect(outcome.summary).toBe('3 matches');
});

test('one match is named in the summary', async () => {
  expect((await search({ pattern: 'needle here' })).summary).toBe('src/a.ts:2');
});

test('a pattern is text unless it is said to be a regular expression', async () => {
  expect((await search({ pattern: 'n..dle' })).summary).toBe('no match');
  expect((await search({ pattern: '(x)' })).summary).toBe('src/deep/c.js:1');
  expect((await search({ pattern: '^n..dle$', regex: true })).summary).toBe('src/deep/b.tsx:1');
  expect((await search({ pattern: 'NEEDLE', ignore_case: true })).summary).toBe('4 matches');
  expect((await search({ pattern: '(', regex: true })).ok).toBe(false);
});

test('path and glob narrow, braces and folders included', async () => {
  expect((await search({ pattern: 'needle', path: 'src' })).summary).toBe('2 matches');
  expect((await search({ pattern: 'needle', path: 'src/a.ts' })).summary).toBe('src/a.ts:2');
  expect((await search({ pattern: 'needle', glob: '*.{ts,md}' })).summary).toBe('2 matches');
  expect((await search({ pattern: 'needle', glob: 'src/**/*.tsx' })).summary).toBe('src/deep/b.tsx:1');
  expect((await search({ pattern: 'needle', path: 'src', glob: 'deep/*' })).summary).toBe('src/deep/b.tsx:1');
  expect((await search({ pattern: 'needle', path: 'src/a.ts', glob: '*.ts' })).summary).toBe('src/a.ts:2');
  expect((await search({ pattern: 'needle', glob: 'docs' })).summary).toBe('docs/d.md:1');
  expect((await search({ pattern: 'needle', path: 'node_modules/x' })).summary).toBe('node_modules/x/index.js:1');
});

test('what cannot be searched is refused with the reason', async () => {
  expect((await search({ pattern: 'needle', path: 'nowhere' })).output).toContain('No such file');
  expect((await search({ pattern: 'needle', path: '../' })).output).toContain('".." is not allowed');
  expect((await search({ pattern: 'needle', glob: '../*' })).output).toContain('".." is not allowed');
  expect((await search({ pattern: '-rf --include=x' })).summary).toBe('no match');
});

test('many matches and long lines are cut, and the total is told', async () => {
  using folder = tempFolder({ 'many.txt': `${`x${'y'.repeat(500)}\n`.repeat(40)}` });
  for (let at = 0; at < 5; at += 1) writeFileSync(path.join(folder.root, `f${at}.txt`), 'x\n'.repeat(60));
  const outcome = await useTool('search', { pattern: 'x' }, toolContext(folder.root));
  expect(outcome.output).toContain('100 of 290 matches');
  expect(outcome.summary).toBe('290 matches');
});

test('files are found by globs, sorted, links included', async () => {
  expect((await find({ glob: '**' })).output).toBe('bin.dat\ndocs/d.md\nsrc/a.ts\nsrc/deep/b.tsx\nsrc/deep/c.js');
  expect((await find({ glob: '*.ts' })).output).toBe('src/a.ts');
  expect((await find({ glob: 'src/**/*.{js,tsx}' })).output).toBe('src/deep/b.tsx\nsrc/deep/c.js');
  expect((await find({ glob: 'deep' })).summary).toBe('2 files');
  expect((await find({ glob: 'src/a.ts' })).summary).toBe('1 file');
  expect((await find({ glob: '*.js', path: 'src' })).output).toBe('src/deep/c.js');
  expect((await find({ glob: 'lib/*.ts' })).output).toContain('lib does not exist');
  using folder = tempFolder({ 'a.txt': '' });
  symlinkSync('a.txt', path.join(folder.root, 'link.txt'));
  expect((await useTool('find_files', { glob: '*.txt' }, toolContext(folder.root))).output).toBe('a.txt\nlink.txt');
});

test('names with line breaks and names that are no UTF-8 are shown, not misread', async () => {
  using folder = tempFolder();
  mkdirSync(path.join(folder.root, 'odd'));
  writeFileSync(Buffer.concat([Buffer.from(`${folder.root}/odd/caf`), Buffer.from([0xe9])]), 'needle\n');
  writeFileSync(path.join(folder.root, 'odd/two\nlines'), 'needle\n');
  const context = toolContext(folder.root);
  expect((await useTool('find_files', { glob: 'odd/*' }, context)).output).toBe('odd/caf\\xE9\nodd/two\nlines');
  expect((await useTool('search', { pattern: 'needle' }, context)).summary).toBe('2 matches');
});
