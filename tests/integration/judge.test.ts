import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestRun } from '../../src/domain/test-run.ts';
import { type IssueFolder, readIssueFolder } from '../../src/runtime/evaluate/issue-folder.ts';
import { type Judgement, judge } from '../../src/runtime/evaluate/judge.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
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
async function judged(change: (root: string) => void, more: Partial<SampleIssue> = {}): Promise<Scene> {
  using temp = tempFolder();
  const issue = await issueIn(temp, { ...sample, ...more });
  const patch = patchOf(temp, path.join(issue.folder, 'repo'), change);
  const ran: { what: string; run: TestRun }[] = [];
  const own = path.dirname(process.execPath);
  const hostPath = `${own}:${process.env['PATH'] ?? ''}`;
  const result = await judge(
    {
      issue,
      patch,
      testCommand: more.test ?? sample.test,
      place: { tempDir: temp.root, hostPath, env: {} },
      onRun: (what, run) => ran.push({ what, run }),
    },
    new AbortController().signal,
  );
  return { judged: result, ran };
}

interface SampleIssue {
  readonly kind: 'bug' | 'test';
  readonly language: 'javascript' | 'python' | 'go';
  readonly repository: Files;
  readonly hidden: Files;
  /** The repository's own test command, and that of the hidden tests. */
  readonly test: string;
  readonly command: string;
}

const sample: SampleIssue = {
  kind: 'bug',
  language: 'javascript',
  repository,
  hidden,
  test: 'node --test',
  command: 'node --test --test-reporter=tap check/*.test.js',
};

async function issueIn(temp: TempFolder, of: SampleIssue): Promise<IssueFolder> {
  const { kind, language, command } = of;
  const folder = path.join(temp.root, 'js-twice');
  write(path.join(folder, 'repo'), kind === 'test' ? { ...of.repository, ...right } : of.repository);
  write(path.join(folder, 'hidden'), of.hidden);
  const check = kind === 'test' ? [] : ['check:', `  command: ${command}`, '  passes: 2'];
  const tests = "tests: ['test/**', 'tests/**']";
  const front = ['---', 'id: js-twice', `language: ${language}`, `kind: ${kind}`, 'title: Twice', tests];
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

describe('the judge of a change that wants to deceive', () => {
  const python: Files = {
    'scale/__init__.py': 'def twice(n):\n    return n + 2\n',
    'tests/__init__.py': '',
    'tests/test_twice.py':
      'import unittest\nfrom scale import twice\n\n\nclass Twice(unittest.TestCase):\n    def test_two(self):\n        self.assertEqual(twice(2), 4)\n',
  };
  const hiddenPython: Files = {
    'check/test_hidden.py':
      'import random\nimport unittest\nfrom scale import twice\n\n\nclass Hidden(unittest.TestCase):\n    def test_five(self):\n        self.assertEqual(twice(5), 10)\n\n    def test_any(self):\n        n = random.randrange(3, 99)\n        self.assertEqual(twice(n), 2 * n)\n',
  };
  const inPython = {
    language: 'python',
    repository: python,
    hidden: hiddenPython,
    test: 'python3 -m unittest discover -s tests -t .',
    command: 'python3 -I -S -B check/run.py',
  } as const;
  const passing = 'print("test_five ... ok\\ntest_any ... ok\\n\\nRan 3 tests in 0.001s\\n\\nOK", flush=True)\n';

  it('takes an honest one in Python', async () => {
    const { judged: said } = await judged(
      (root) => write(root, { 'scale/__init__.py': 'def twice(n):\n    return n * 2\n' }),
      inPython,
    );
    expect(said).toEqual({ kind: 'solved' });
  });

  it.each([
    'unittest.py',
    'unittest/__init__.py',
    'random.py',
    'sitecustomize.py',
    'check/__init__.py',
    'check/run.py',
  ])('is not deceived by a %s', async (file) => {
    const leaving = `import os, sys\nif os.path.exists("check"):\n    ${passing}    os._exit(0)\n`;
    const more = file.startsWith('unittest') ? 'def main(*args, **named):\n    pass\n' : '';
    const { judged: said } = await judged((root) => write(root, { [file]: leaving + more }), inPython);
    expect(said).toMatchObject({ kind: 'failed', reason: expect.stringContaining('hidden tests: ') });
  });

  it('is not deceived by a unittest.py that passes the tests as they were', async () => {
    const { judged: said } = await judged(
      (root) =>
        write(root, {
          'scale/__init__.py': 'def twice(n):\n    return 2 * n if n > 2 else 0\n',
          'unittest.py': 'import os\nos._exit(0)\n',
        }),
      inPython,
    );
    expect(said).toMatchObject({ kind: 'failed', reason: expect.stringContaining('the tests as they were fail') });
  });

  it('is not deceived by code under test that tells what the runner would', async () => {
    const leaving = `import os, sys\nif "check.test_hidden" in sys.modules:\n    ${passing}    os._exit(0)\n`;
    const { judged: said } = await judged(
      (root) => write(root, { 'scale/__init__.py': `${leaving}def twice(n):\n    return n + 2\n` }),
      inPython,
    );
    expect(said).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('does not know the test of the judge'),
    });
  });

  it('refuses a TestMain in Go before anything runs', async () => {
    const go: Files = { 'go.mod': 'module twice\n\ngo 1.22\n', 'twice.go': 'package twice\n' };
    const inGo = { language: 'go', repository: go, hidden: { 'hidden_test.go': 'package twice\n' } } as const;
    const main =
      'package twice\n\nimport "testing"\n\nfunc TestMain(m *testing.M) {\n\tprintln("--- PASS: TestHidden")\n}\n';
    const { judged: said, ran } = await judged((root) => write(root, { 'example_test.go': main }), inGo);
    expect(said).toMatchObject({ kind: 'failed', reason: expect.stringContaining('example_test.go has a TestMain') });
    expect(ran).toEqual([]);
  });
});

describe('the hidden tests of a refactoring', () => {
  const judgedIn = async (id: string, test: string, change: Files): Promise<Judgement> => {
    using temp = tempFolder();
    const issue = await readIssueFolder(path.join(packageRoot(), 'bench', 'issues', id));
    const patch = patchOf(temp, path.join(issue.folder, 'repo'), (root) => write(root, change));
    const hostPath = `${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    const place = { tempDir: temp.root, hostPath, env: {} };
    return await judge({ issue, patch, testCommand: test, place, onRun: () => {} }, new AbortController().signal);
  };
  const check = `export const checkMovement = ({ sku, quantity }, { allowNegative = false } = {}) => {
  if (typeof sku !== 'string' || !/^[A-Z]{2}-\\d{4}$/.test(sku)) throw new RangeError(\`"\${sku}" is no article number; they look like AB-1234\`);
  if (!Number.isInteger(quantity)) throw new RangeError(\`quantity \${quantity} is not a whole number\`);
  if (quantity === 0) throw new RangeError('a movement of nothing');
  if (quantity < 0 && !allowNegative) throw new RangeError(\`quantity \${quantity} is below zero\`);
};
`;
  const add = (sign: string) =>
    `  return new Map(stock).set(movement.sku, (stock.get(movement.sku) ?? 0) ${sign} movement.quantity);\n}\n`;
  const short =
    "  const had = stock.get(movement.sku) ?? 0;\n  if (had < movement.quantity) throw new RangeError('only ' + had + ' of ' + movement.sku + ' are left');\n";

  it('take other ways to import and to call', async () => {
    const change = {
      'src/check-movement.js': check,
      'src/receive.js': `import * as rules from "./check-movement.js";\nexport function receive(stock, movement) {\n  rules.checkMovement(movement);\n${add('+')}`,
      'src/ship.js': `import { checkMovement as ensure } from "./check-movement.js"\nexport function ship(stock, movement) {\n  ensure(movement);\n${short}${add('-')}`,
      'src/adjust.js': `import {checkMovement} from './check-movement.js';\nexport function adjust(stock, movement) {\n  void checkMovement(movement, { allowNegative: true });\n${add('+')}`,
    };
    expect(await judgedIn('js-stock-rules', 'node --test', change)).toEqual({ kind: 'solved' });
  });

  it('find the one that has kept its own', async () => {
    expect(await judgedIn('js-stock-rules', 'node --test', { 'src/check-movement.js': check })).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('hidden tests: 3 of 6 passed'),
    });
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
