import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerptOf, maxExcerpt } from '../../../../src/domain/checks/excerpt.ts';
import { actionsLog } from '../../../fakes/actions-log.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/check-logs/${name}.txt`, import.meta.url), 'utf8');

/** What a person would look for in each of them. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  node: ['✖ failing tests:', "+ 'alpha-bet'", 'a.test.js:3:42'],
  nodetap: ['not ok 41 - keeps the last word', "location: '/home/runner/work/sample/node/a.test.js:3:1'"],
  vitest: ['FAIL  a.test.ts > keeps the last word', '-   "slug": "alpha-beta",', 'a.test.ts:3:65'],
  jest: ['● slugify › keeps the last word at the limit', 'Received: "alpha-bet"', '2 failed, 61 passed'],
  mocha: ['1 failing', 'keeps the last word at the limit:', "- 'alpha-beta'", 'mochat/slug.js:4:55'],
  pytest: ["E       AssertionError: assert 'alpha-bet' == 'alpha-beta'", 'test_slug.py:6', "'NoneType' object has no"],
  unittest: ['FAIL: test_keeps_last_word', "AssertionError: 'alpha-bet' != 'alpha-beta'", 'ERROR: test_none'],
  gotest: ['--- FAIL: TestZ', 'panic: runtime error: slice bounds out of range', 'calc/slug.go:3'],
  cargotest: ['---- tests::keeps_last_word stdout ----', 'left: "alpha-bet"', 'src/lib.rs:6:36'],
  cargobuild: ['error[E0308]: mismatched types', 'expected `u32`, found `String`', 'error[E0599]'],
  tsc: ["ts/a.ts(1,14): error TS2322: Type 'string'", 'error TS2339'],
  tscpretty: ['ts/a.ts:1:14 - error TS2322', '2 export function b'],
  eslint: ['/home/runner/work/sample/js/lint/a.js', "1:23  error    'c' is not defined", '2 errors'],
  biome: ['a.js:2:1 lint/suspicious/noDebugger', 'a.js:3:7 lint/suspicious/noDoubleEquals', 'a.js format'],
  make: ['a.c:1:20: error: ‘undeclared’ undeclared', 'make: *** [Makefile:5: a.o] Error 1'],
};

describe('excerptOf', () => {
  for (const [name, wanted] of Object.entries(reasons)) {
    test(`finds why ${name} failed between hundreds of other lines`, () => {
      const excerpt = excerptOf(actionsLog({ output: recorded(name) }));
      for (const text of wanted) expect(excerpt).toContain(text);
      expect(excerpt).toContain('Process completed with exit code 1.');
      expect(excerpt).not.toMatch(/registry\.example|unset-all|2026-11-20T|fatal-error/);
      expect(excerpt.length).toBeLessThanOrEqual(maxExcerpt);
    });
  }

  test('finds it as well when two thousand lines of passing tests with bad words in their names stand after it', () => {
    const passing = Array.from({ length: 1_000 }, (_, at) => `✔ throws an error and fails ${at} (0.1ms)`).join('\n');
    const output = `${passing}\n${recorded('pytest')}\n${passing}`;
    const excerpt = excerptOf(actionsLog({ output }));
    expect(excerpt).toContain("assert 'alpha-bet' == 'alpha-beta'");
    expect(excerpt).not.toContain('throws an error and fails');
  });

  test('is not what head and tail of the log would have shown', () => {
    const quiet = Array.from({ length: 300 }, (_, at) => `step ${at} of 300`).join('\n');
    const log = actionsLog({ output: `${quiet}\n${recorded('make')}\n${quiet}` });
    const lines = log.split('\n');
    const ends = [...lines.slice(0, 100), ...lines.slice(-100)].join('\n');
    expect(ends).not.toContain('undeclared');
    expect(excerptOf(log)).toContain('undeclared');
  });

  test('shows the end of the step that failed when nothing in it says why', () => {
    const output = Array.from({ length: 200 }, (_, at) => `row ${at}`).join('\n');
    const excerpt = excerptOf(actionsLog({ output, exitCode: 137 }));
    expect(excerpt).toContain('row 199\nProcess completed with exit code 137.');
    expect(excerpt).toContain('row 150');
    expect(excerpt).not.toContain('row 100\n');
  });

  test('tells of a thousand alike errors by the first of them, and keeps the one that differs', () => {
    const alike = Array.from({ length: 1_000 }, (_, at) => `src/a.ts(${at},1): error TS2304: Cannot find name 'x'.`);
    const output = [...alike.slice(0, 500), "src/b.ts(1,1): error TS1005: ';' expected.", ...alike.slice(500)].join(
      '\n',
    );
    const excerpt = excerptOf(actionsLog({ output }));
    expect(excerpt).toContain('src/a.ts(0,1)');
    expect(excerpt).toContain("src/b.ts(1,1): error TS1005: ';' expected.");
  });

  test('tells how many lines it leaves out, and joins what it keeps in the order of the log', () => {
    const excerpt = excerptOf('start\nmiddle\nmiddle\nerror: no such thing\nthe end\nthe end\n', 80);
    expect(excerpt).toContain('error: no such thing');
    expect(excerptOf(actionsLog({ output: recorded('tsc') }))).toMatch(/^\[… \d+ lines\]\nts\/a\.ts/);
  });

  test('reads a log that is no log of GitHub Actions', () => {
    expect(excerptOf(recorded('jest'))).toContain('Received: "alpha-bet"');
    expect(excerptOf('')).toBe('');
    expect(excerptOf('\r\n')).toBe('');
    expect(excerptOf('50 %\r100 %\rerror: broken\r\n')).toBe('error: broken');
  });

  test('finds why a suite of node:test failed that is run now', () => {
    const folder = mkdtempSync(join(tmpdir(), 'excerpt-'));
    try {
      const failing = "test('adds', () => assert.equal(1 + 1, 3));";
      const passing = "for (let n = 0; n < 50; n += 1) test('passes ' + n, () => {});";
      const head = "import test from 'node:test';\nimport assert from 'node:assert/strict';";
      writeFileSync(join(folder, 'sum.test.mjs'), `${head}\n${passing}\n${failing}\n${passing}\n`);
      const env = { PATH: process.env['PATH'], FORCE_COLOR: '1' };
      const run = spawnSync(process.execPath, ['--test', 'sum.test.mjs'], { cwd: folder, env, encoding: 'utf8' });
      expect(run.status).toBe(1);
      const excerpt = excerptOf(actionsLog({ output: run.stdout }));
      expect(excerpt).toContain('sum.test.mjs:4:27');
      expect(excerpt).toMatch(/2 !== 3/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(excerpt).not.toMatch(/\u001B/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('never is longer than asked for, whatever the log holds', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.constantFrom(
        'error: no',
        '##[error]Process completed with exit code 1.',
        '',
        '##[group]Run x',
        'FAIL  a.ts > b',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), fc.integer({ min: 0, max: 2_000 }), (lines, limit) => {
        expect(excerptOf(lines.join('\n'), limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('takes time in proportion to the log, for texts that are made to be slow', () => {
    const hostile = [
      'a:1:'.repeat(200_000),
      ' '.repeat(1_000_000),
      `${'_'.repeat(400_000)} ${'_'.repeat(400_000)}`,
      'error: 1\n'.repeat(120_000),
      '\u001B[1;'.repeat(250_000),
      `${' '.repeat(300)}1 failed\n`.repeat(4_000),
      '##[error]\n\n'.repeat(100_000),
      'Uncaught A.A.A.A.A.A.A\n'.repeat(50_000),
      `${'\u001B]'.repeat(600)}\n`.repeat(1_000),
    ];
    for (const text of hostile) {
      const started = cpuMs();
      excerptOf(text);
      const ms = cpuMs() - started;
      expect(ms, JSON.stringify(text.slice(0, 20))).toBeLessThan(4_000);
    }
  });
});
