import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatchFile } from '../../../../src/domain/patch.ts';
import { needsBase, weakenedTests } from '../../../../src/domain/test-changes/weakened-tests.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';
import { blobSha } from '../../../fakes/git-objects.ts';

/** A change by path: text before and after; undefined where there is none. */
type Change = Readonly<Record<string, readonly [string | undefined, string | undefined]>>;

function judge(change: Change, testCommand = 'npm test') {
  const files = Object.entries(change).map(([path, [before, now]]) => ({ file: fileOf(path, before, now), before }));
  return weakenedTests(files, testCommand).map(({ path, what, shown }) => [path, what, ...shown].join(' '));
}

function fileOf(path: string, before: string | undefined, now: string | undefined): PatchFile {
  if (now === undefined) return { change: 'deleted', path };
  const bytes = Buffer.from(now);
  return {
    change: before === undefined ? 'added' : 'modified',
    path,
    mode: '100644',
    sizeBytes: bytes.length,
    blobSha: blobSha(bytes),
    encoding: 'utf-8',
    content: now,
  };
}

const two = `import { expect, it } from 'vitest';\nit('adds', () => { expect(1 + 1).toBe(2); });\nit('subtracts', () => { expect(1 - 1).toBe(0); });\n`;

describe('what a change does to tests', () => {
  it.each<[string, Change, readonly string[]]>([
    [
      'a deleted file, with the names of its tests',
      { 'a.test.ts': [two, undefined] },
      ['a.test.ts deleted adds subtracts'],
    ],
    ['a file without any test left', { 'a.test.ts': [two, 'export {};\n'] }, ['a.test.ts emptied adds subtracts']],
    ['an empty file in a test folder', { 'test/cases.json': ['[1]\n', '\n'] }, ['test/cases.json emptied']],
    ['one test less', { 'a.test.ts': [two, two.replace(/it\('subtracts.*\n/, '')] }, ['a.test.ts removed subtracts']],
    [
      'a test in a comment',
      { 'a.test.ts': [two, two.replace("it('subtracts", "// it('subtracts")] },
      ['a.test.ts removed subtracts'],
    ],
    [
      'tests in a comment of many lines',
      { 'a.test.ts': [two, `/*\n${two}*/\n`] },
      ['a.test.ts emptied adds subtracts'],
    ],
    [
      'another name for what it asserts',
      { 'a.test.ts': [two, two.replace('adds', 'loads')] },
      ['a.test.ts removed adds'],
    ],
    [
      'a skipped test',
      { 'a.test.ts': [two, two.replace("it('adds", "it.skip('adds")] },
      ["a.test.ts skipped it.skip('adds', () => { expect(1 + 1).toBe(2); });"],
    ],
    [
      'a test that runs alone, in a new file too',
      { 'b.test.ts': [undefined, "it.only('x', () => {});\n"] },
      ["b.test.ts skipped it.only('x', () => {});"],
    ],
    [
      'tests that assert nothing',
      { 'a.test.ts': [two, two.replaceAll(/expect\(.*?;/g, '')] },
      ['a.test.ts unasserted'],
    ],
    [
      'a script that lost most of its lines',
      { 'test/run.sh': ['a\nb\nc\nd\ne\nf\n', 'exit 0\n'] },
      ['test/run.sh shortened'],
    ],
    [
      'the settings of a test runner',
      { 'vitest.config.ts': ['a\n', 'b\n'], 'jest.config.js': [undefined, 'x\n'] },
      ['vitest.config.ts configuration', 'jest.config.js configuration'],
    ],
    [
      'the script that is called test',
      { 'package.json': ['{"scripts":{"test":"vitest"}}', '{"scripts":{"test":"true"}}'] },
      ['package.json configuration'],
    ],
  ])('tells %s', (_what, change, expected) => {
    expect(judge(change)).toEqual(expected);
  });

  it('tells a changed file that the test command names, and a recipe of the program that it starts', () => {
    expect(judge({ 'ci/check.sh': ['a\n', 'b\n'] }, 'sh ./ci/check.sh --all')).toEqual(['ci/check.sh configuration']);
    expect(judge({ Makefile: ['test: x\n', 'test:\n'] }, 'make test')).toEqual(['Makefile configuration']);
    expect(judge({ Makefile: ['test: x\n', 'test:\n'] }, 'npm test')).toEqual([]);
  });

  it.each<[string, Change]>([
    [
      'new tests',
      {
        'a.test.ts': [two, `${two}it('multiplies', () => { expect(2 * 2).toBe(4); });\n`],
        'b.test.ts': [undefined, two],
      },
    ],
    [
      'tests that moved to another file',
      { 'a.test.ts': [two, undefined], 'sub/b.test.ts': [undefined, `// moved\n${two}`] },
    ],
    ['a renamed fixture', { 'test/a.json': ['[1]\n', undefined], 'test/b.json': [undefined, '[1]\n'] }],
    ['another body of a test', { 'a.test.ts': [two, two.replace('1 + 1', '3 - 1')] }],
    ['code that only speaks of tests', { 'src/a.ts': ["it('x')\n", '// it.skip\n'] }],
    [
      'a dependency',
      { 'package.json': ['{"scripts":{"test":"vitest"}}', '{"dependencies":{},"scripts":{"test":"vitest"}}'] },
    ],
    ['a snapshot', { 'test/__snapshots__/a.snap': ['1\n2\n3\n4\n5\n6\n', '1\n'] }],
  ])('says nothing of %s', (_what, change) => {
    expect(judge(change)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      'x_test.go',
      'func TestA(t *testing.T) {\n\tt.Error("x")\n}\n',
      'func TestA(t *testing.T) {\n\tt.Skip()\n\tt.Error("x")\n}\n',
      'x_test.go skipped t.Skip()',
    ],
    [
      'test_x.py',
      'def test_a():\n    assert f() == 1\n',
      '@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n',
      'test_x.py skipped @pytest.mark.skip',
    ],
    ['conftest.py', 'x = 1\n', 'x = 1\ncollect_ignore = ["a"]\n', 'conftest.py skipped collect_ignore = ["a"]'],
    [
      'src/lib.rs',
      '#[test]\nfn a() { assert!(f()); }\n',
      '#[test]\n#[ignore]\nfn a() { assert!(f()); }\n',
      'src/lib.rs skipped #[ignore]',
    ],
    [
      'src/AppTest.java',
      '@Test\nvoid a() { assertTrue(f()); }\n',
      '@Disabled\n@Test\nvoid a() { assertTrue(f()); }\n',
      'src/AppTest.java skipped @Disabled',
    ],
    [
      'spec/a_spec.rb',
      'it "adds" do\n  expect(1).to eq 1\nend\n',
      'xit "adds" do\n  expect(1).to eq 1\nend\n',
      'spec/a_spec.rb skipped xit "adds" do',
    ],
    [
      'tests/ATests.cs',
      '[Fact]\nvoid A() { Assert.True(f()); }\n',
      '[Fact(Skip = "x")]\nvoid A() { Assert.True(f()); }\n',
      'tests/ATests.cs skipped [Fact(Skip = "x")]',
    ],
    [
      'tests/ATest.php',
      'function testA() { $this->assertTrue(f()); }\n',
      'function testA() { $this->markTestSkipped(); $this->assertTrue(f()); }\n',
      'tests/ATest.php skipped function testA() { $this->markTestSkipped(); $this->assertTrue(f()); }',
    ],
    [
      'Tests/ATests.swift',
      'func testA() { XCTAssert(f()) }\n',
      'func testA() throws { throw XCTSkip("")\nXCTAssert(f()) }\n',
      'Tests/ATests.swift skipped func testA() throws { throw XCTSkip("")',
    ],
    [
      'test/a_test.cc',
      'TEST(A, B) { EXPECT_EQ(1, f()); }\n',
      'TEST(A, B) { GTEST_SKIP(); EXPECT_EQ(1, f()); }\n',
      'test/a_test.cc skipped TEST(A, B) { GTEST_SKIP(); EXPECT_EQ(1, f()); }',
    ],
    [
      'test/a_test.exs',
      'test "adds" do\n  assert 1\nend\n',
      '@tag :skip\ntest "adds" do\n  assert 1\nend\n',
      'test/a_test.exs skipped @tag :skip',
    ],
    ['test/a.bats', '@test "adds" {\n  [ 1 ]\n}\n', '@test "adds" {\n  skip\n  [ 1 ]\n}\n', 'test/a.bats skipped skip'],
  ])('knows how %s skips', (path, before, now, expected) => {
    expect(judge({ [path]: [before, before] })).toEqual([]);
    expect(judge({ [path]: [before, now] })).toEqual([expected]);
  });

  it('asks for the base of what it judges, and of nothing else', () => {
    const asked = (path: string, before?: string) => needsBase(fileOf(path, before, 'x'), 'npm test');
    expect([asked('a.test.ts', 'x'), asked('src/lib.rs', 'x'), asked('package.json', 'x')]).toEqual([true, true, true]);
    expect([asked('src/a.ts', 'x'), asked('a.test.ts')]).toEqual([false, false]);
  });

  it('takes time that grows with the text, whatever is in it', () => {
    const pieces = fc.constantFrom(
      'it(',
      '.skip',
      "'",
      '`',
      '(',
      'test.each([',
      ' ',
      '/*',
      '@',
      '"',
      '\n',
      'x',
      '#[',
      'def ',
      '$',
    );
    const text = fc.array(pieces, { minLength: 1, maxLength: 12 }).map((parts) =>
      parts
        .join('')
        .repeat(64 * 1024)
        .slice(0, 64 * 1024),
    );
    const path = fc.constantFrom(
      'a.test.ts',
      'test_a.py',
      'a_test.go',
      'a.rs',
      'ATest.java',
      'a_spec.rb',
      'ATests.cs',
      'ATest.php',
      'a.bats',
      'a_test.cc',
    );
    fc.assert(
      fc.property(path, text, (name, hostile) => {
        const started = cpuMs();
        judge({ [name]: [hostile, hostile] });
        expect(cpuMs() - started).toBeLessThan(300);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});
