import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestRun } from '../../src/domain/test-run.ts';
import { type IssueFolder, readIssueFolder } from '../../src/runtime/evaluate/issue-folder.ts';
import { type Judgement, judge } from '../../src/runtime/evaluate/judge.ts';
import { type TempFolder, tempFolder } from '../fakes/temp-folder.ts';

type Files = Readonly<Record<string, string>>;

const importNode = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n";
const repository: Files = {
  'package.json': '{ "type": "module" }\n',
  'src/twice.js': 'export const twice = (n) => n + 2;\n',
  'test/twice.test.js': `${importNode}import { twice } from '../src/twice.js';\ntest('two', () => assert.equal(twice(2), 4));\n`,
};
const hidden: Files = {
  'check/twice.test.js': `${importNode}import { twice } from '../src/twice.js';\ntest('five', () => assert.equal(twice(5), 10));\ntest('none', () => assert.equal(twice(0), 0));\n`,
};
const right = { 'src/twice.js': 'export const twice = (n) => n * 2;\n' };

interface Scene {
  readonly judged: Judgement;
  readonly ran: readonly { readonly what: string; readonly run: TestRun }[];
}

/** What the judge says about a change that somebody makes to the repository by hand. */
async function judged(
  change: (root: string) => void,
  more: { readonly kind?: 'bug' | 'test'; readonly hidden?: Files } = {},
): Promise<Scene> {
  using temp = tempFolder();
  const issue = await issueIn(temp, more.kind ?? 'bug', more.hidden ?? hidden);
  const patch = patchOf(temp, path.join(issue.folder, 'repo'), change);
  const ran: { what: string; run: TestRun }[] = [];
  const own = path.dirname(process.execPath);
  const hostPath = `${own}:${process.env['PATH'] ?? ''}`;
  const result = await judge(
    {
      issue,
      patch,
      testCommand: 'node --test',
      place: { tempDir: temp.root, hostPath, env: {} },
      onRun: (what, run) => ran.push({ what, run }),
    },
    new AbortController().signal,
  );
  return { judged: result, ran };
}

async function issueIn(temp: TempFolder, kind: string, hiddenFiles: Files): Promise<IssueFolder> {
  const folder = path.join(temp.root, 'js-twice');
  write(path.join(folder, 'repo'), kind === 'test' ? { ...repository, ...right } : repository);
  write(path.join(folder, 'hidden'), hiddenFiles);
  const command = 'node --test --test-reporter=tap check/*.test.js';
  const check = kind === 'test' ? [] : ['check:', `  command: ${command}`, '  passes: 2'];
  const front = ['---', 'id: js-twice', 'language: javascript', `kind: ${kind}`, 'title: Twice', "tests: ['test/**']"];
  write(folder, { 'issue.md': [...front, ...check, '---', 'It is not twice.', ''].join('\n') });
  return readIssueFolder(folder);
}

function write(root: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

function patchOf(temp: TempFolder, from: string, change: (root: string) => void): string {
  const root = path.join(temp.root, 'changed');
  cpSync(from, root, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  const as = ['-c', 'user.name=x', '-c', 'user.email=x@localhost'];
  git('init', '--quiet');
  git('add', '--all');
  git(...as, 'commit', '--quiet', '--no-verify', '--message=base');
  change(root);
  git('add', '--all');
  const file = path.join(temp.root, 'patch.diff');
  writeFileSync(file, git('diff', '--cached', '--binary'));
  return file;
}

describe('the judge', () => {
  it('says that a right change is right, by the old tests and the hidden ones', async () => {
    const { judged: said, ran } = await judged((root) => write(root, right));
    expect(said).toEqual({ kind: 'solved' });
    expect(ran.map(({ what }) => what)).toEqual(['the tests as they were', 'hidden tests']);
  });

  it('restores tests that were deleted, and does not count those that were added', async () => {
    const breaking = { 'src/twice.js': 'export const twice = () => 10;\n' };
    const { judged: said } = await judged((root) => {
      write(root, { ...breaking, 'test/mine.test.js': `${importNode}test('fine', () => assert.ok(true));\n` });
      rmSync(path.join(root, 'test/twice.test.js'));
    });
    expect(said).toEqual({ kind: 'failed', reason: 'the tests as they were fail (exit code 1)' });
  });

  it('tells how many hidden tests passed', async () => {
    const { judged: said } = await judged((root) =>
      write(root, { 'src/twice.js': 'export const twice = (n) => (n === 5 ? 11 : n * 2);\n' }),
    );
    expect(said).toEqual({ kind: 'failed', reason: 'hidden tests: 1 of 2 passed (exit code 1)' });
  });

  it('takes no exit code for a test that passed', async () => {
    const leaving = "import { existsSync } from 'node:fs';\nif (existsSync('check')) process.exit(0);\n";
    const { judged: said } = await judged((root) =>
      write(root, { 'src/twice.js': `${leaving}export const twice = (n) => n + 2;\n` }),
    );
    expect(said).toMatchObject({ kind: 'failed', reason: expect.stringContaining('of 2 passed') });
  });

  it('puts the hidden tests where they belong, whatever stands there', async () => {
    const { judged: said } = await judged((root) => write(root, { ...right, check: 'a file, no folder\n' }));
    expect(said).toEqual({ kind: 'solved' });
  });

  it('refuses a change with a link, for it writes into that folder itself', async () => {
    const { judged: said, ran } = await judged((root) => symlinkSync('/etc', path.join(root, 'check')));
    expect(said).toEqual({ kind: 'failed', reason: 'the change adds a link: check' });
    expect(ran).toEqual([]);
  });
});

describe('the judge of tests', () => {
  const versions: Files = {
    'mutants/adds/src/twice.js': 'export const twice = (n) => n + n + (n > 3 ? 1 : 0);\n',
    'mutants/constant/src/twice.js': 'export const twice = () => 4;\n',
    'equivalents/shift/src/twice.js': 'export function twice(n) {\n  return n + n;\n}\n',
  };
  const told = (text: string): Files => ({ 'test/more.test.js': `${importNode}${text}` });
  const imports = "import { twice } from '../src/twice.js';\n";
  const withSource = (change: Files) => (root: string) => write(root, change);
  const asTests = { kind: 'test', hidden: versions } as const;

  it('wants them to fail on each broken version', async () => {
    const few = told(`${imports}test('odd', () => assert.equal(typeof twice(7), 'number'));\n`);
    const { judged: said } = await judged(withSource(few), asTests);
    expect(said).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('2 of 2 broken versions: adds, constant'),
    });
  });

  it('judges them on the source as it was, whatever the change did to it', async () => {
    const wrong = { 'src/twice.js': 'export const twice = (n) => n + 2;\n' };
    const both = { ...wrong, ...told(`${imports}test('seven', () => assert.equal(twice(7), 9));\n`) };
    const { judged: said } = await judged(withSource(both), asTests);
    expect(said).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('fail on the code that they are for'),
    });
  });

  it('refuses tests that only compare the text of the source', async () => {
    const comparing =
      "import { readFileSync } from 'node:fs';\ntest('text', () => assert.match(readFileSync('src/twice.js', 'utf8'), /n \\* 2/));\n";
    const { judged: said } = await judged(withSource(told(comparing)), asTests);
    expect(said).toEqual({ kind: 'failed', reason: 'its tests fail on code that does the same (shift)' });
  });
});
