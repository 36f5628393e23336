export interface NumberedLines {
  readonly text: string;
  /** First and last line shown; `to` is `from - 1` when there is none. */
  readonly from: number;
  readonly to: number;
}

const longestLine = 2_000;

/** Lines as `12\ttext`, as many as fit into `room` characters (one at least). */
export function numberLines(lines: readonly string[], from: number, room: number): NumberedLines {
  const shown: string[] = [];
  let used = 0;
  for (const [index, line] of lines.entries()) {
    const numbered = `${from + index}\t${clipLine(line.endsWith('\r') ? line.slice(0, -1) : line)}`;
    used += numbered.length + 1;
    if (used > room && shown.length > 0) break;
    shown.push(numbered);
  }
  return { text: shown.join('\n'), from, to: from + shown.length - 1 };
}

export function clipLine(line: string, limit = longestLine): string {
  return line.length <= limit
    ? line
    : `${line.slice(0, limit)} [… ${line.length - limit} characters of this line left out]`;
}
