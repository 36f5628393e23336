import type { TestLanguage } from './test-language.ts';

/** What lines of text tell of the tests in a file. */
export interface TestFacts {
  readonly tests: number;
  readonly names: ReadonlySet<string>;
  /** Lines that keep tests from running, without white space around. */
  readonly skips: readonly string[];
  readonly assertions: number;
}

const none: TestFacts = { tests: 0, names: new Set(), skips: [], assertions: 0 };
/** A longer line is none that a person wrote. */
const longestLine = 2_000;

/** Linear in the text. What stands in a comment does not count: a test that was commented out is gone. */
export function testFacts(text: string, language: TestLanguage | undefined): TestFacts {
  if (language === undefined || text === '') return none;
  const names = new Set<string>();
  const skips: string[] = [];
  let tests = 0;
  let assertions = 0;
  let inBlock = false;
  const [opens, closes] = language.block;
  for (const whole of text.split('\n')) {
    const line = whole.slice(0, longestLine);
    if (inBlock) {
      inBlock = !closes.test(line);
      continue;
    }
    if (opens.test(line)) {
      const rest = line.replace(opens, '');
      inBlock = !closes.test(rest);
      continue;
    }
    if (language.comment.test(line)) continue;
    const test = language.test.exec(line);
    if (test !== null) {
      tests += 1;
      const name = test.groups?.['name'] ?? test.groups?.['title'];
      if (name !== undefined) names.add(name);
    }
    if (language.skip.test(line)) skips.push(line.trim().slice(0, 200));
    if (language.assertion.test(line)) assertions += 1;
  }
  return { tests, names, skips, assertions };
}
