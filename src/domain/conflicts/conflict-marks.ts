/** Lines, counted from 1, that git wrote to mark a conflict and nobody took out. */
export interface LeftMarks {
  readonly path: string;
  readonly lines: readonly number[];
}

/** What git calls the two sides in the marks that we have it write. */
export const ourLabel = 'this-branch';
export const theirLabel = 'base-branch';

const opening = /^<{7}(?: |$)/;
/** Before what the fork had: git is made to write that, too. */
const forked = /^\|{7}(?: |$)/;
const middle = /^={7}$/;
const closing = /^>{7}(?: |$)/;

/**
 * Marks that git left in a text. A line of `=` alone is a heading in many texts, so it counts only between the others; a file
 * that had such lines before (a test of a merge tool, say) is compared with what it was.
 */
export function conflictMarks(text: string, before = ''): readonly number[] {
  const known = new Set(before.split('\n').map(bare).filter(isSure));
  const found: number[] = [];
  let isOpen = false;
  for (const [at, raw] of text.split('\n').entries()) {
    const line = bare(raw);
    const isMark = isSure(line) || (isOpen && middle.test(line));
    if (!isMark || known.has(line)) continue;
    if (opening.test(line) || forked.test(line)) isOpen = true;
    if (closing.test(line)) isOpen = false;
    found.push(at + 1);
  }
  return found;
}

function isSure(line: string): boolean {
  return opening.test(line) || forked.test(line) || closing.test(line);
}

function bare(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
