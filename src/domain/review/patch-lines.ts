/** One line of a file's unified diff, and where it stands in the file's two versions. */
export interface PatchLine {
  /** Of which hunk, from 0. */
  readonly hunk: number;
  /** Which line of the patch, 1 for the one below the first `@@`: GitHub's `position`. */
  readonly position: number;
  /** Numbers in the old and in the new version, from 1; a line that is not in one has none there. */
  readonly left: number | undefined;
  readonly right: number | undefined;
  /** Without the sign in front and without a carriage return at the end. */
  readonly text: string;
}

const header = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/**
 * The lines of one file's hunks, as git and GitHub write them, from the first `@@` on. How many lines a hunk has is its header's
 * word, so that no line of a file is taken for a header. `\ No newline at end of file` is a line of the patch and of neither
 * version. Whatever stands between hunks is passed over. Linear in the patch.
 */
export function patchLines(patch: string): readonly PatchLine[] {
  const lines: PatchLine[] = [];
  let hunk = -1;
  let [left, right, leftToGo, rightToGo] = [0, 0, 0, 0];
  const rows = patch.split('\n');
  const first = Math.max(
    0,
    rows.findIndex((row) => header.test(row)),
  );
  for (const [at, row] of rows.entries()) {
    const position = at - first;
    const within = leftToGo > 0 || rightToGo > 0;
    const opens = within ? null : header.exec(row);
    if (opens !== null) {
      hunk += 1;
      [left, right] = [Number(opens[1]), Number(opens[3])];
      [leftToGo, rightToGo] = [Number(opens[2] ?? 1), Number(opens[4] ?? 1)];
      continue;
    }
    if (!within) continue;
    const text = row.slice(1).replace(/\r$/, '');
    const sign = row.charAt(0);
    // Some tools take the only blank off an empty line.
    const both = sign === ' ' || row === '' || row === '\r';
    if ((sign === '+' || both) && rightToGo > 0) rightToGo -= 1;
    if ((sign === '-' || both) && leftToGo > 0) leftToGo -= 1;
    if (sign === '+') lines.push({ hunk, position, left: undefined, right: right++, text });
    else if (sign === '-') lines.push({ hunk, position, left: left++, right: undefined, text });
    else if (both) lines.push({ hunk, position, left: left++, right: right++, text });
  }
  return lines;
}
