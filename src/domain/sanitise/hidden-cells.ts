import { note, type Tally } from './removals.ts';

const delimiterRow = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Cells behind the last column of a table: they are written, and not shown. */
export function withoutHiddenCells(text: string, tally: Tally): string {
  if (!text.includes('|')) return text;
  const lines = text.split('\n');
  let columns = 0;
  return lines
    .map((line, index) => {
      const head = lines[index - 1] ?? '';
      const opens = delimiterRow.test(line) && head.includes('|') && cellEnds(head).length === cellEnds(line).length;
      if (opens) columns = cellEnds(line).length;
      else if (line.trim() === '') columns = 0;
      const ends = columns === 0 || opens ? [] : cellEnds(line);
      if (ends.length <= columns) return line;
      note(tally, 'tableCell', ends.length - columns);
      return line.slice(0, ends[columns - 1]);
    })
    .join('\n');
}

/** Where the cells of a row end; bars at its ends are optional. */
function cellEnds(row: string): readonly number[] {
  const end = row.trimEnd().length;
  const start = row.length - row.trimStart().length;
  const ends: number[] = [];
  for (let at = start; at < end; at += 1) {
    if (row.charAt(at) === '\\') at += 1;
    else if (row.charAt(at) === '|' && at > start) ends.push(at);
  }
  if (ends.at(-1) !== end - 1) ends.push(end);
  return ends;
}
