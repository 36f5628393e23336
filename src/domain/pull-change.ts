/** One file of a pull request, as git tells the difference between its base and its head. All text is untrusted. */
export interface ChangedFile {
  readonly path: string;
  /** Of a renamed file, what it was called. */
  readonly previousPath?: string;
  readonly change: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly added: number;
  readonly removed: number;
  /** Hunks in unified format, without the lines above the first `@@`; absent for binary files and bare renames. */
  readonly hunks?: string;
}

/** What a pull request changes, computed by us from the two commits, never taken from anybody's word. */
export interface PullChange {
  readonly files: readonly ChangedFile[];
}

/** Lines of the new side that a diff shows, both ends included, counted from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Where comments on lines can stand: each hunk's lines on the new side, those around the change included. */
export function shownLines(hunks: string): readonly LineRange[] {
  const ranges: LineRange[] = [];
  for (const [, start = '', count = '1'] of hunks.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)) {
    const length = Number(count);
    if (length > 0) ranges.push({ from: Number(start), to: Number(start) + length - 1 });
  }
  return ranges;
}
