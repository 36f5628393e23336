import type { PatchFile, PatchManifest } from '../patch.ts';
import { decidesTests, isTestPath } from './test-path.ts';

export type NewTestFile = Extract<PatchFile, { readonly change: 'added' | 'modified' }>;

export interface SplitTests {
  /** New plain files among the tests. */
  readonly tests: readonly NewTestFile[];
  /** Paths of all else: they count for nothing. Untrusted text. */
  readonly dropped: readonly string[];
}

/**
 * Of what a tester wrote, what can be evidence: new files among the tests, and nothing that decides how they run. Whoever edits a
 * test that is there, or the code, could make anything pass.
 */
export function splitTests({ files }: PatchManifest, testCommand: string | undefined): SplitTests {
  const tests: NewTestFile[] = [];
  const dropped: string[] = [];
  for (const file of files) {
    const counts =
      file.change === 'added' &&
      (file.mode === '100644' || file.mode === '100755') &&
      isTestPath(file.path) &&
      !decidesTests(file.path, testCommand);
    if (counts) tests.push(file);
    else dropped.push(file.path);
  }
  return { tests, dropped };
}
