/** Elements whose content GitHub shows as code or as a quotation. */
const quotingElement = /<(pre|code|blockquote|script|style|textarea)(?=[\s/>])/iy;

/** Markers of lists that a line may begin with, before a quotation or a fence in a list item. */
const containers = '(?:[ \\t]*(?:[-*+]|[0-9]{1,9}[.)])(?=[ \\t]))*[ \\t]*';
const quotedLine = new RegExp(`^${containers}>[> \\t]*`);
const openingFence = new RegExp(`^${containers}(\`{3,}(?=[^\`]*$)|~{3,})`);
const closingFence = /^[ \t]*(`{3,}|~{3,})[ \t]*$/;
const indented = /^(?: {4}| {0,3}\t)/;

/** Stands for what is not prose, so that the words around it do not look like neighbours (object replacement). */
export const coveredMark = '\ufffc';

/** A stretch of text that is neither quoted nor code. */
export interface ProseLine {
  /** The first line as it was written. */
  readonly line: string;
  /** Begins with four columns of space: the continuation of a paragraph, or a deep list. */
  readonly indented: boolean;
  /** With `coveredMark` for code spans, comments and elements that show code; those may reach over several lines. */
  readonly prose: string;
}

/**
 * What of a Markdown text a person says in words of their own: not in a quote, fenced or indented code, a code span, an HTML
 * comment (closed or not) or an element that shows code. When in doubt a line is left out. One pass: the time is linear
 * in the text, whatever it holds.
 */
export function proseLines(markdown: string): readonly ProseLine[] {
  const text = markdown.replace(/\r\n?/g, '\n');
  const lower = text.toLowerCase();
  const spans = spanFinder(text);
  const lines: ProseLine[] = [];
  let quoted = false;
  let paragraph = false;
  let at = 0;

  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const fence = openingFence.exec(line)?.[1];
    const quote = quotedLine.exec(line)?.[0];
    const blank = line.trim() === '';
    if (fence !== undefined) {
      at = afterFence(text, end + 1, fence);
      quoted = paragraph = false;
    } else if (blank) {
      quoted = paragraph = false;
      at = end + 1;
    } else if (quote !== undefined) {
      // A line right below a quoted one is shown inside the quote too ("lazy continuation").
      quoted = quote.length < line.length;
      paragraph = false;
      at = end + 1;
    } else if (quoted || (indented.test(line) && !paragraph)) {
      at = end + 1;
    } else {
      const { next, prose } = readInline(text, lower, spans, at);
      lines.push({ line, indented: indented.test(line), prose });
      paragraph = true;
      at = next;
    }
  }
  return lines;
}

/** Reads a line's inline marks up to the start of the next line that no span, comment or element covers. */
function readInline(
  text: string,
  lower: string,
  spans: SpanFinder,
  start: number,
): { readonly next: number; readonly prose: string } {
  const pieces: string[] = [];
  let at = start;
  let from = start;
  const skipTo = (end: number, covered: boolean): void => {
    if (covered) {
      pieces.push(text.slice(from, at), coveredMark);
      from = end;
    }
    at = end;
  };
  while (at < text.length) {
    const mark = text.charAt(at);
    if (mark === '\n') break;
    if (mark === '\\') {
      skipTo(at + (text.charAt(at + 1) === '\n' ? 1 : 2), false);
    } else if (mark === '`') {
      const end = spans.endOfSpan(at);
      skipTo(end, true);
    } else if (mark === '<') {
      const end = afterHtml(text, lower, at);
      skipTo(end, end > at + 1);
    } else {
      at += 1;
    }
  }
  pieces.push(text.slice(from, at));
  return { next: at + 1, prose: pieces.join('') };
}

function afterHtml(text: string, lower: string, at: number): number {
  if (text.startsWith('<!--', at)) {
    const close = text.indexOf('-->', at + 2);
    return close === -1 ? text.length : close + 3;
  }
  quotingElement.lastIndex = at;
  const name = quotingElement.exec(text)?.[1]?.toLowerCase();
  if (name === undefined) return at + 1;
  const close = lower.indexOf(`</${name}`, at);
  return close === -1 ? text.length : close + name.length + 2;
}

function afterFence(text: string, start: number, fence: string): number {
  let at = start;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const marks = closingFence.exec(text.slice(at, end))?.[1] ?? '';
    at = end + 1;
    if (marks.charAt(0) === fence.charAt(0) && marks.length >= fence.length) return at;
  }
  return text.length;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

interface SpanFinder {
  /** For a run of backticks at `at`: the end of the span that it opens, or of the run when nothing closes it. */
  endOfSpan(at: number): number;
}

/** A span ends at the next run of the same length in the same paragraph. Asked in order only, which keeps it linear. */
function spanFinder(text: string): SpanFinder {
  const runs = new Map<number, number[]>();
  for (const run of text.matchAll(/`+/g)) {
    const starts = runs.get(run[0].length);
    if (starts === undefined) runs.set(run[0].length, [run.index]);
    else starts.push(run.index);
  }
  const breaks = [...text.matchAll(/\n[ \t]*(?=\n)/g)].map((found) => found.index);
  const cursors = new Map<number, number>();
  let nextBreak = 0;

  return {
    endOfSpan: (at) => {
      let length = 0;
      while (text.charAt(at + length) === '`') length += 1;
      const starts = runs.get(length) ?? [];
      let cursor = cursors.get(length) ?? 0;
      while (cursor < starts.length && (starts[cursor] ?? 0) <= at) cursor += 1;
      cursors.set(length, cursor);
      while (nextBreak < breaks.length && (breaks[nextBreak] ?? 0) < at) nextBreak += 1;
      const close = starts[cursor];
      const closes = close !== undefined && close < (breaks[nextBreak] ?? Number.POSITIVE_INFINITY);
      return closes ? close + length : at + length;
    },
  };
}
