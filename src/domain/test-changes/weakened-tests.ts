import type { PatchFile } from '../patch.ts';
import { type TestFacts, testFacts } from './test-facts.ts';
import { testLanguageOf } from './test-language.ts';
import { decidesTests, isTestPath } from './test-path.ts';

/** One way in which a change leaves less tested than it found. */
export interface WeakenedTest {
  readonly path: string;
  readonly what: 'deleted' | 'emptied' | 'removed' | 'skipped' | 'unasserted' | 'shortened' | 'configuration';
  /** Names of tests, or the line that skips one: untrusted text, a few of them. */
  readonly shown: readonly string[];
}

export interface ChangedFile {
  readonly file: PatchFile;
  /** Its text in the base; undefined when it is new, binary, or was not asked for (`needsBase`). */
  readonly before: string | undefined;
}

/** Whether a file's text in the base has to be known to judge what a change does to tests. */
export function needsBase(file: PatchFile, testCommand: string | undefined): boolean {
  if (file.change === 'added') return false;
  return isTestPath(file.path) || decidesTests(file.path, testCommand) || testLanguageOf(file.path)?.inSource === true;
}

const mostShown = 5;
/** A file of unknown kind is looked at when it loses more than half of so many lines. */
const fewestLines = 6;

/**
 * Tests that are deleted, emptied, skipped, or that no longer assert anything, by name where the language is known: a test
 * that only moved to another file of the change is not lost. A hint from text and no proof, so it asks and does not forbid.
 */
export function weakenedTests(files: readonly ChangedFile[], testCommand: string | undefined): readonly WeakenedTest[] {
  const after = files.map(({ file }) => (file.change === 'deleted' || file.encoding !== 'utf-8' ? '' : file.content));
  const kept = new Set(files.flatMap(({ file }, at) => [...factsOf(file.path, after[at] ?? '').names]));
  const contents = new Set(after.filter((text) => text.trim() !== ''));
  return files.flatMap(({ file, before }, at): readonly WeakenedTest[] => {
    const { path } = file;
    const found: WeakenedTest[] = [];
    const tell = (what: WeakenedTest['what'], shown: readonly string[] = []): void => {
      found.push({ path, what, shown: shown.slice(0, mostShown) });
    };
    const now = after[at] ?? '';
    if (
      decidesTests(path, testCommand) &&
      (before === undefined ? file.change === 'added' : differs(path, before, now))
    ) {
      tell('configuration');
    }
    const judged = isTestPath(path) || testLanguageOf(path)?.inSource === true;
    if (!judged) return found;
    // A new file can only weaken by running alone.
    const was = factsOf(path, before ?? '');
    const is = factsOf(path, now);
    const fresh = is.skips.filter((line) => !was.skips.includes(line));
    if (is.skips.length > was.skips.length) tell('skipped', fresh);
    if (before === undefined) return found;
    const lost = [...was.names].filter((name) => !kept.has(name));
    const moved = contents.has(before) || (was.names.size > 0 && lost.length === 0);
    if (file.change === 'deleted') {
      if (!moved && isTestPath(path)) tell('deleted', lost);
      else if (!moved && was.tests > 0) tell('removed', lost);
      return found;
    }
    if (was.tests > 0 && is.tests === 0 && !moved) tell('emptied', lost);
    else if (now.trim() === '' && before.trim() !== '' && isTestPath(path)) tell('emptied');
    else if (lost.length > 0 || (was.names.size === 0 && is.tests < was.tests)) tell('removed', lost);
    else if (was.assertions > 0 && is.assertions === 0 && is.tests > 0) tell('unasserted');
    else if (testLanguageOf(path) === undefined && isShortened(path, before, now)) tell('shortened');
    return found;
  });
}

function factsOf(path: string, text: string): TestFacts {
  return testFacts(text, testLanguageOf(path));
}

/** Of a package's manifest only what it calls its tests decides. */
function differs(path: string, before: string, now: string): boolean {
  if (!path.endsWith('package.json')) return before !== now;
  return testScripts(before) !== testScripts(now);
}

function testScripts(text: string): string {
  try {
    const { scripts }: { readonly scripts?: unknown } = JSON.parse(text);
    const entries = Object.entries(typeof scripts === 'object' && scripts !== null ? scripts : {});
    return JSON.stringify(entries.filter(([name]) => /test/i.test(name)).sort());
  } catch {
    // Not JSON: whoever reads it as something else decides by all of it.
    return text;
  }
}

function isShortened(path: string, before: string, now: string): boolean {
  const [was, is] = [before, now].map((text) => text.split('\n').filter((line) => line.trim() !== '').length);
  return was !== undefined && is !== undefined && was >= fewestLines && is < was / 2 && !path.endsWith('.snap');
}
