/** Lines, counted from 1, that git wrote to mark a conflict and nobody took out. */
export interface LeftMarks {
  readonly path: string;
  readonly lines: readonly number[];
}

/** What git calls the two sides in the marks that we have it write. */
export const ourLabel = 'this-branch';
export const theirLabel = 'base-branch';

const opening = /^<{7}(?: |$)/;
const middle = /^={7}$/;
const closing = /^>{7}(?: |$)/;

/**
 * Marks that git left in a text. A line of `=` alone is a heading in many texts, so it counts only between the others; a file
 * that had such lines before (a test of a merge tool, say) is compared with what it was.
 */
export function conflictMarks(text: string, before = ''): readonly number[] {
  const known = new Set(before.split('\n').filter((line) => opening.test(line) || closing.test(line)));
  const found: number[] = [];
  let isOpen = false;
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const isMark = opening.test(line) || closing.test(line) || (isOpen && middle.test(line));
    if (!isMark || known.has(line)) continue;
    if (opening.test(line)) isOpen = true;
    if (closing.test(line)) isOpen = false;
    found.push(at + 1);
  }
  return found;
}
