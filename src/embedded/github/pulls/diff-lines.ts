import type { DiffSide } from '../state/issue-state.ts';

/** One line of a patch and where it stands in the file's two versions. */
export interface DiffLine {
  /** 1 is the line below the first `@@`; what the API calls `position`. */
  readonly position: number;
  readonly hunk: number;
  readonly left: number | undefined;
  readonly right: number | undefined;
}

/** Reads the hunks of one file's patch (it starts with `@@`). */
export function diffLines(patch: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let [left, right, hunk] = [0, 0, -1];
  patch.split('\n').forEach((text, position) => {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      hunk += 1;
      return;
    }
    switch (text.charAt(0)) {
      case '+':
        lines.push({ position, hunk, left: undefined, right: right++ });
        break;
      case '-':
        lines.push({ position, hunk, left: left++, right: undefined });
        break;
      case ' ':
        lines.push({ position, hunk, left: left++, right: right++ });
        break;
      // `\ No newline at end of file` is a line of the patch but of neither version.
      default:
        break;
    }
  });
  return lines;
}

export function findLine(lines: readonly DiffLine[], side: DiffSide, number: number): DiffLine | undefined {
  return lines.find((line) => (side === 'LEFT' ? line.left : line.right) === number);
}

/** The patch from its hunk's header down to the line: what is shown above a comment. */
export function hunkAbove(patch: string, line: DiffLine): string {
  const rows = patch.split('\n').slice(0, line.position + 1);
  const start = rows.findLastIndex((row) => row.startsWith('@@'));
  return rows.slice(Math.max(0, start)).join('\n');
}
