/** Lines around a difference that show where it is. */
const context = 3;

/**
 * Two texts as one hunk of a unified diff: from the first line in which they differ to the last, with what is around it. Right,
 * though not the shortest one; empty when they are the same. Linear in both.
 */
export function oneHunk(before: string, after: string): string {
  const old = linesOf(before);
  const now = linesOf(after);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  if (head === old.length && head === now.length) return '';
  const from = Math.max(0, head - context);
  const trail = Math.min(tail, context);
  const removed = old.slice(head, old.length - tail);
  const added = now.slice(head, now.length - tail);
  const lines = [
    `@@ -${range(from, removed.length + head - from + trail)} +${range(from, added.length + head - from + trail)} @@`,
    ...old.slice(from, head).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - tail + trail).map((line) => ` ${line}`),
  ];
  return lines.join('\n');
}

/** Counted from 1; of nothing git tells the line before it. */
function range(from: number, length: number): string {
  return `${length === 0 ? from : from + 1},${length}`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
