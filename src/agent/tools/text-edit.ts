/**
 * Replacing one passage of a file. Texts here are byte strings (latin1: one character a byte), so that whatever is in
 * the file besides the passage (a byte order mark, CRLF, bytes that are no UTF-8) comes out as it went in. UTF-8 cannot
 * be matched inside a character, so bytes do for text too.
 */
export type EditResult =
  | ({ readonly kind: 'edited' } & Edited)
  | { readonly kind: 'no-match' }
  /** Offsets of all matches. */
  | { readonly kind: 'many-matches'; readonly offsets: readonly number[] };

export interface Edited {
  readonly before: string;
  readonly after: string;
  /** Where the passage began, and how long it was and became. */
  readonly at: number;
  readonly oldLength: number;
  readonly newLength: number;
}

export function replacePassage(file: string, oldText: string, newText: string): EditResult {
  const asGiven = offsetsOf(file, oldText);
  const wanted = asGiven.length > 0 || oldText.includes('\r') ? oldText : oldText.replaceAll('\n', '\r\n');
  const offsets = asGiven.length > 0 ? asGiven : offsetsOf(file, wanted);
  const [at] = offsets;
  if (at === undefined) return { kind: 'no-match' };
  if (offsets.length > 1) return { kind: 'many-matches', offsets };

  const replacement =
    newText.includes('\r') || lineEndAt(file, at) === '\n' ? newText : newText.replaceAll('\n', '\r\n');
  const after = file.slice(0, at) + replacement + file.slice(at + wanted.length);
  return { kind: 'edited', before: file, after, at, oldLength: wanted.length, newLength: replacement.length };
}

/** 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** How many whole lines an edit took out and put in: the figures of a timeline, not of a review. */
export function changedLines({ before, after, at, oldLength, newLength }: Edited): { added: number; removed: number } {
  const start = lineStart(before, at);
  const old = before.slice(start, lineEnd(before, at + oldLength)).split('\n');
  const fresh = after.slice(start, lineEnd(after, at + newLength)).split('\n');
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  return { added: fresh.length - head - tail, removed: old.length - head - tail };
}

/** The lines of an edit as they are now, with so many lines around them. */
export function linesAround({ after, at, newLength }: Edited, around: number): { from: number; text: string } {
  let start = lineStart(after, at);
  let end = lineEnd(after, at + newLength);
  for (let step = 0; step < around; step += 1) {
    start = lineStart(after, start - 1);
    end = lineEnd(after, end + 1);
  }
  return { from: lineOf(after, start), text: after.slice(start, end) };
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/** All places where the passage stands, overlapping ones too: each is a place that could be meant. */
function offsetsOf(file: string, passage: string): number[] {
  const offsets: number[] = [];
  for (let at = file.indexOf(passage); at !== -1; at = file.indexOf(passage, at + 1)) offsets.push(at);
  return offsets;
}

/** How the line around an offset ends; the one before counts for a last line without an end. */
function lineEndAt(file: string, at: number): '\n' | '\r\n' {
  const next = file.indexOf('\n', at);
  const end = next === -1 ? file.lastIndexOf('\n', at) : next;
  return end > 0 && file[end - 1] === '\r' ? '\r\n' : '\n';
}
