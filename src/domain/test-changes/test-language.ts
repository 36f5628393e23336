/** How tests are written in a language, as far as lines of text can tell. Every pattern is bounded, and asked of one line. */
export interface TestLanguage {
  readonly extensions: readonly string[];
  /** A test begins; the group `name` is its name, where it has one. */
  readonly test: RegExp;
  /** A test, or all but one, will not run. */
  readonly skip: RegExp;
  /** Something is asserted. */
  readonly assertion: RegExp;
  /** What a line of comment begins with. */
  readonly comment: RegExp;
  /** Begins and ends a comment of many lines. */
  readonly block: readonly [RegExp, RegExp];
  /** Tests also stand in files that are not named as tests. */
  readonly inSource?: boolean;
}

const slashes = { comment: /^\s{0,200}\/\//, block: [/^\s{0,200}\/\*/, /\*\//] } as const;
const hashes = { comment: /^\s{0,200}#(?!\[)/, block: [/^=begin\b/, /^=end\b/] } as const;

const javascript: TestLanguage = {
  extensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'vue', 'svelte'],
  test: /\b(?:[xf]?it|x?test|specify|Deno\.test)(?:\.[a-zA-Z]{2,12}){0,3}(?:\([^'"`(]{0,200}\))?\(\s{0,8}(?:(?<quote>['"`])(?<name>[^'"`]{1,200}))?/,
  skip: /\b(?:it|test|describe|suite|context|specify|Deno\.test)(?:\.[a-zA-Z]{2,12}){0,2}\.(?:skip|todo|only|ignore|skipIf|runIf|fails|failing|fixme)\b|\bx(?:it|test|describe|context|specify)\s{0,4}[(.]|\bf(?:it|describe|context)\s{0,4}\(|\b(?:skip|todo|only|ignore)\s{0,4}:\s{0,4}(?:true|['"`])|\b(?:t|ctx|this)\.(?:skip|todo)\s{0,4}\(/,
  assertion:
    /\bexpect\s{0,4}[(.]|\bassert\w{0,40}\s{0,4}[(.]|\bt\.(?:is|true|false|deepEqual|throws|equal|ok|same)\b|\bshould\b|\.to\.be\b/,
  ...slashes,
};

const python: TestLanguage = {
  extensions: ['py'],
  test: /^\s{0,80}(?:async\s{1,4})?def\s{1,4}(?<name>test\w{0,200})/,
  skip: /@(?:pytest\.mark\.|unittest\.|mark\.)?(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b|\bpytest\.(?:skip|xfail|importorskip)\s{0,4}\(|\.skipTest\s{0,4}\(|\bcollect_ignore|\bpytest_(?:collection_modifyitems|ignore_collect)\b|\b__test__\s{0,4}=\s{0,4}False/,
  assertion: /\bassert|\.raises\b|\bfail\s{0,4}\(/,
  comment: /^\s{0,200}#/,
  block: [/^\s{0,200}(?:"""(?!.{0,2000}""")|'''(?!.{0,2000}'''))/, /"""|'''/],
};

const go: TestLanguage = {
  extensions: ['go'],
  test: /^func\s{1,4}(?<name>(?:Test|Fuzz|Example)\w{0,200})\s{0,4}\(/,
  skip: /\b\w{1,8}\.Skip(?:f|Now)?\s{0,4}\(|^\/\/go:build\s{1,8}(?:ignore|never|!)/,
  assertion: /\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s{0,4}\(|\b(?:assert|require|cmp|must|is)\b/,
  comment: /^\s{0,200}\/\/(?!go:build)/,
  block: slashes.block,
};

const rust: TestLanguage = {
  extensions: ['rs'],
  test: /#\[(?:[a-z_]{1,40}::)?test\b/,
  skip: /#\[ignore\b|#\[cfg\((?:any\(\)|never|FALSE)/,
  assertion: /\b(?:assert|debug_assert|prop_assert|panic|unreachable|should_panic)/,
  ...slashes,
  inSource: true,
};

const jvm: TestLanguage = {
  extensions: ['java', 'kt', 'kts', 'scala', 'groovy'],
  test: /@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\b|\bfun\s{1,4}`(?<name>[^`]{1,200})`|^\s{0,80}(?:test|it|should)\s{0,4}\("(?<title>[^"]{1,200})/,
  skip: /@(?:Disabled|Ignore|Ignored|DisabledIf|EnabledIf)\b|\bassume(?:True|False|That)\s{0,4}\(|\bignore\s{0,4}\("/,
  assertion: /\bassert|\bverify\s{0,4}\(|\bexpect|\bfail\s{0,4}\(|\bshould/,
  ...slashes,
};

const ruby: TestLanguage = {
  extensions: ['rb'],
  test: /^\s{0,80}(?:def\s{1,4}(?<name>test_\w{1,200})|[xf]?(?:it|specify|example|test|should|scenario)\s{0,4}\(?\s{0,4}["'](?<title>[^"']{1,200}))/,
  skip: /^\s{0,80}(?:x(?:it|describe|context|specify|example)|pending|skip|f(?:it|describe|context))\b|,\s{0,4}(?::(?:skip|pending|focus)\b|(?:skip|pending|focus):)/,
  assertion: /\bexpect\b|\bassert|\bshould\b|\bmust_|\brefute/,
  ...hashes,
};

const dotnet: TestLanguage = {
  extensions: ['cs', 'fs', 'vb'],
  test: /\[(?:Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)\b/,
  skip: /\bSkip\s{0,4}=|\[(?:Ignore|Explicit)\b|\bAssert\.(?:Inconclusive|Ignore)\b/,
  assertion: /\bAssert\b|\.Should\b|\bVerify\b/,
  ...slashes,
};

const php: TestLanguage = {
  extensions: ['php'],
  test: /\bfunction\s{1,4}(?<name>test\w{1,200})|#\[Test\b|@test\b|^\s{0,80}(?:it|test)\s{0,4}\(\s{0,4}['"](?<title>[^'"]{1,200})/,
  skip: /\bmarkTest(?:Skipped|Incomplete)\b|->(?:skip|todo|only)\s{0,4}\(|#\[(?:Group\('skip|DoesNotPerformAssertions)/,
  assertion: /\bassert|\bexpect/,
  ...slashes,
};

const swift: TestLanguage = {
  extensions: ['swift', 'm', 'mm'],
  test: /\bfunc\s{1,4}(?<name>test\w{0,200})\s{0,4}\(|@Test\b/,
  skip: /\bXCTSkip|\.disabled\s{0,4}\(|\bXCTExpectFailure\b/,
  assertion: /\bXCT(?:Assert|Fail|Unwrap)|#(?:expect|require)\b/,
  ...slashes,
};

const cpp: TestLanguage = {
  extensions: ['c', 'cc', 'cpp', 'cxx', 'h', 'hpp'],
  test: /\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|SCENARIO|BOOST_AUTO_TEST_CASE)\s{0,4}\(\s{0,4}(?<name>[^)]{1,200})/,
  skip: /\bGTEST_SKIP\b|\bDISABLED_|\[(?:!?\.|!hide|!mayfail|!shouldfail)|\bdisabled\s{0,4}\(/,
  assertion: /\b(?:ASSERT|EXPECT|CHECK|REQUIRE|BOOST_)|\bassert/,
  ...slashes,
};

const elixir: TestLanguage = {
  extensions: ['ex', 'exs'],
  test: /^\s{0,80}(?:test|property|feature)\s{1,4}"(?<name>[^"]{1,200})/,
  skip: /@(?:module)?tag\s{1,4}(?::skip|skip:)/,
  assertion: /\bassert|\brefute/,
  ...hashes,
};

const shell: TestLanguage = {
  extensions: ['bats'],
  test: /^\s{0,80}@test\s{1,4}["'](?<name>[^"']{1,200})/,
  skip: /^\s{0,80}skip\b/,
  assertion: /\[\s|\bassert|\btest\s/,
  ...hashes,
};

const languages: readonly TestLanguage[] = [
  javascript,
  python,
  go,
  rust,
  jvm,
  ruby,
  dotnet,
  php,
  swift,
  cpp,
  elixir,
  shell,
];

/** By the ending of the name; undefined where tests cannot be told from other text. */
export function testLanguageOf(path: string): TestLanguage | undefined {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return languages.find(({ extensions }) => extensions.includes(extension));
}
