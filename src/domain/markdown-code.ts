export interface MarkdownLine {
  readonly kind: 'text' | 'fenced';
  readonly text: string;
}

export interface MarkdownPiece {
  readonly kind: 'prose' | 'code';
  readonly text: string;
}

interface Fence {
  readonly mark: string;
  readonly length: number;
}

/**
 * Tells fenced code from text, counting only what GitHub is *certain* to read so: a fence that opens in the very first
 * column (no list or quote can hold it). Marks elsewhere are escaped by `splitSpans`. An open fence is closed at the end.
 */
export function markdownLines(markdown: string): readonly MarkdownLine[] {
  const lines: MarkdownLine[] = [];
  let fence: Fence | undefined;
  for (const text of markdown.split('\n')) {
    if (fence === undefined) {
      fence = openedFence(text);
      lines.push({ kind: fence === undefined ? 'text' : 'fenced', text });
    } else {
      lines.push({ kind: 'fenced', text });
      if (closesFence(text, fence)) fence = undefined;
    }
  }
  if (fence !== undefined) lines.push({ kind: 'fenced', text: fence.mark.repeat(fence.length) });
  return lines;
}

function openedFence(line: string): Fence | undefined {
  const marks = /^(`{3,}|~{3,})[^`~]*$/.exec(line)?.[1];
  return marks === undefined ? undefined : { mark: marks.charAt(0), length: marks.length };
}

/** CommonMark: at most three spaces, at least as many marks as opened it, nothing behind them. */
function closesFence(line: string, fence: Fence): boolean {
  const marks = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? '';
  return marks.charAt(0) === fence.mark && marks.length >= fence.length;
}

/**
 * Splits a line outside fences into prose and code spans. A span counts only within its line; backticks without a
 * partner are escaped so that they find none in another line, and tildes so that they open no fence in a list.
 */
export function splitSpans(line: string): readonly MarkdownPiece[] {
  // A backslash before a backtick makes which one opens a span a matter of reading; without it there is one reading.
  const text = !line.includes('\\')
    ? line
    : line.replace(/\\+/g, (run, at: number) => (line.charAt(at + run.length) === '`' ? '' : run));
  if (text === '') return [];
  const first = text.indexOf('`');
  if (first === -1) return [{ kind: 'prose', text: escapeTildes(text) }];
  // Most lines that have one have one alone, and it finds no partner.
  if (text.indexOf('`', first + 1) === -1) return [{ kind: 'prose', text: escapeTildes(text).replace('`', '\\`') }];
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const partnerOf = partners(runs);
  const pieces: MarkdownPiece[] = [];
  let done = 0;
  runs.forEach((open, index) => {
    if (open.at < done) return;
    const close = partnerOf(open.length, index);
    pieces.push({ kind: 'prose', text: escapeTildes(text.slice(done, open.at)) });
    done = close === undefined ? open.at + open.length : close.at + close.length;
    const marked = text.slice(open.at, done);
    pieces.push(
      close === undefined ? { kind: 'prose', text: marked.replace(/`/g, '\\`') } : { kind: 'code', text: marked },
    );
  });
  pieces.push({ kind: 'prose', text: escapeTildes(text.slice(done)) });
  return pieces.filter((piece) => piece.text !== '');
}

/** The next run of the same length behind a given one. Asked in order only, so that a whole line stays linear. */
function partners(runs: readonly { readonly at: number; readonly length: number }[]) {
  const byLength = new Map<number, number[]>();
  runs.forEach((run, index) => {
    const list = byLength.get(run.length);
    if (list === undefined) byLength.set(run.length, [index]);
    else list.push(index);
  });
  const cursors = new Map<number, number>();
  return (length: number, after: number): { at: number; length: number } | undefined => {
    const list = byLength.get(length) ?? [];
    let at = cursors.get(length) ?? 0;
    while (at < list.length && (list[at] ?? 0) <= after) at += 1;
    cursors.set(length, at);
    const found = list[at];
    return found === undefined ? undefined : runs[found];
  };
}

function escapeTildes(text: string): string {
  return !text.includes('~~~') ? text : text.replace(/~{3,}/g, (marks) => marks.replace(/~/g, '\\~'));
}
