const testFolders = new Set(
  'test tests __tests__ spec specs e2e testing unittests integration-tests test-data testdata'.split(' '),
);
const testName =
  /^(?:test|tests|spec)\.[a-z]{1,8}$|^test[-_]|[-_.](?:test|tests|spec|specs|e2e|cy)\.[a-z.]{1,16}$|(?:Test|Tests|Spec|IT)\.[a-z]{1,8}$|\.(?:bats|feature)$|^conftest\.py$/;

/** Whether a path belongs to the tests, by what people call such files and folders. */
export function isTestPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return testName.test(name) || parts.some((part) => testFolders.has(part.toLowerCase()));
}

/** Files that decide which tests run, and how. */
const runnerFiles =
  /^(?:(?:vitest|jest|karma|playwright|cypress|ava|wdio|nightwatch|web-test-runner)\.(?:config|conf|setup|workspace)\.[a-z]{2,4}|\.mocharc\.?[a-z]{0,5}|pytest\.ini|tox\.ini|noxfile\.py|phpunit\.xml(?:\.dist)?|\.rspec|\.runsettings|nextest\.toml|testng\.xml)$/i;
/** Only where the test command is a word of theirs. */
const builders: Readonly<Record<string, RegExp>> = {
  make: /^(?:GNUm|m|M)akefile$|\.mk$/,
  just: /^\.?justfile$/i,
  task: /^Taskfile\.ya?ml$/i,
  rake: /^Rakefile$/i,
  tox: /^tox\.ini$/,
  nox: /^noxfile\.py$/,
  npm: /^package\.json$/,
  yarn: /^package\.json$/,
  pnpm: /^package\.json$/,
  bun: /^package\.json$/,
};

/** Whether a path decides how the tests are run: a runner's settings, or a file that the test command itself names. */
export function decidesTests(path: string, testCommand: string | undefined): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (runnerFiles.test(name)) return true;
  const words = (testCommand ?? '').slice(0, 2_000).split(/[\s;&|()'"]+/);
  if (words.some((word) => word.replace(/^\.\//, '') === path)) return true;
  return words.some((word) => Object.hasOwn(builders, word) && builders[word]?.test(name) === true);
}
