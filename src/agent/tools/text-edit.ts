/**
 * Replacing one passage of a file. Texts here are byte strings (latin1: one character a byte), so that whatever is in
 * the file besides the passage (a byte order mark, CRLF, bytes that are no UTF-8) comes out as it went in. UTF-8 cannot
 * be matched inside a character, so bytes do for text too.
 */
export type EditResult =
  | { readonly kind: 'edited'; readonly bytes: string; readonly at: number; readonly replacement: string }
  | { readonly kind: 'no-match' }
  /** Offsets of all matches. */
  | { readonly kind: 'many-matches'; readonly offsets: readonly number[] };

export function replacePassage(file: string, oldText: string, newText: string): EditResult {
  const asGiven = offsetsOf(file, oldText);
  const wanted = asGiven.length > 0 || oldText.includes('\r') ? oldText : oldText.replaceAll('\n', '\r\n');
  const offsets = asGiven.length > 0 ? asGiven : offsetsOf(file, wanted);
  const [at] = offsets;
  if (at === undefined) return { kind: 'no-match' };
  if (offsets.length > 1) return { kind: 'many-matches', offsets };

  const replacement =
    newText.includes('\r') || lineEndAt(file, at) === '\n' ? newText : newText.replaceAll('\n', '\r\n');
  const bytes = file.slice(0, at) + replacement + file.slice(at + wanted.length);
  return { kind: 'edited', bytes, at, replacement };
}

/** 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Lines that differ between two texts, equal ones at both ends aside: the figures of a timeline, not of a review. */
export function changedLines(before: string, after: string): { readonly added: number; readonly removed: number } {
  const old = before.split('\n');
  const fresh = after.split('\n');
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, fresh.length) - head;
  while (tail < most && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  return { added: fresh.length - head - tail, removed: old.length - head - tail };
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
