import { readCertainFence } from './certain-fence.ts';
import { nextMatch } from './next-match.ts';
import { note, type Tally } from './removals.ts';

/** A Markdown text without its comments, in which code is covered by marks, so that what follows cannot touch it. */
export interface CoveredText {
  readonly text: string;
  /** Puts the code back in the place of its marks. */
  uncover(text: string): string;
}

/** Stands where something was taken out of a line: it joins nothing that stood apart. */
export const leftOut = '…';

const containers = '[ \\t>*+\\-0-9.)]*';
const fenceLine = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const fenceInside = new RegExp(`^(${containers})(\`{3,}|~{3,})(.*)$`);
const htmlLine = new RegExp(`^${containers}<[A-Za-z/!?]`);
const commentLine = /^[ \t]{0,3}<!--/;
const onlyContainers = new RegExp(`^${containers}$`);
/** Not of elements whose content is text alone, and without a quote or a bracket that another reading ends elsewhere. */
const closedTag =
  /<\/?(?!(?:pre|script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)\b)[A-Za-z](?:[^<>"'`\n]|"[^"<>`\n]*"|'[^'<>`\n]*')*>/iy;
/** Blocks that do not end with an empty line. */
const longHtml = /<(?:pre|script|style|textarea)(?![\w-])|<\?|<![A-Z[]/i;
/** The name of a language; whatever follows it is shown to nobody. */
const language = /^[ \t]*[\w#+.-]{0,30}/;

/**
 * Covers the code of a Markdown text, counting only what GitHub is certain to show as code, and takes out HTML comments
 * outside of it. In doubt something is no code: what is then taken out is told. One pass: linear in the text.
 */
export function coverCode(markdown: string, tally: Tally): CoveredText {
  const reader = new CoverReader(markdown, tally);
  const text = reader.read();
  return { text, uncover: (changed) => changed.replace(/\ue000([0-9]+)\ue001/g, (_, at) => reader.codes[at] ?? '') };
}

class CoverReader {
  readonly codes: string[] = [];
  readonly #text: string;
  readonly #tally: Tally;
  readonly #pieces: string[] = [];
  readonly #nextClose: (from: number) => number;
  readonly #nextBlank: (from: number) => number;
  /** Until something that may open a block of code without our being certain of it. */
  #sure = true;
  /** Inside of a block of HTML, which ends with an empty line: what looks like code there is none. */
  #html = false;
  #htmlSeen = false;
  /** In this paragraph it is a matter of reading which backtick opens a span. */
  #doubt = false;
  #at = 0;
  /** What was read but not yet kept or left out begins here. */
  #from = 0;

  constructor(text: string, tally: Tally) {
    this.#text = text;
    this.#tally = tally;
    this.#nextClose = nextMatch(text, /-->/g);
    this.#nextBlank = nextMatch(text, /\n[ \t]*(?=\n)/g);
  }

  read(): string {
    while (this.#at < this.#text.length) {
      const end = lineEnd(this.#text, this.#at);
      const line = this.#text.slice(this.#at, end);
      if (line.trim() === '') this.#html = this.#doubt = false;
      const fence = fenceLine.exec(line);
      if (fence !== null && this.#sure && !this.#html) {
        this.#coverFence(fence[1] ?? '', fence[2] ?? '', end);
      } else if (!fenceInside.test(line) || !(this.#coverInside(end) || this.#readUncertainFence(line, end))) {
        this.#lookForHtml(line);
        this.#readLine(end);
      }
    }
    return this.#pieces.join('');
  }

  #coverFence(marks: string, info: string, end: number): void {
    this.#doubt = false;
    const after = afterFence(this.#text, end + 1, marks);
    this.#cover(`${marks}${this.#language(info)}${this.#text.slice(end, after)}`);
    this.#skipTo(after);
  }

  #coverInside(lineEndAt: number): boolean {
    if (!this.#sure || this.#html) return false;
    const place = { text: this.#text, start: this.#at, lineEnd: lineEndAt, plainParagraph: !this.#doubt };
    const found = readCertainFence(place);
    if (found === undefined) return false;
    const { prefix, marks, info, end } = found;
    this.#pieces.push(prefix);
    this.#cover(`${marks}${this.#language(info)}${this.#text.slice(lineEndAt, end)}`);
    this.#skipTo(end);
    return true;
  }

  /** A fence that may be one, or none, or the end of one: from here on no block of code is certain. */
  #readUncertainFence(line: string, end: number): boolean {
    const [, before = '', marks = '', info = ''] = fenceInside.exec(line) ?? [];
    this.#sure = false;
    this.#doubt = true;
    if (/[`<]/.test(info)) return false;
    this.#pieces.push(`${before}${marks}${this.#language(info)}${this.#text.slice(end, end + 1)}`);
    this.#skipTo(end + 1);
    return true;
  }

  #language(info: string): string {
    const named = language.exec(info)?.[0] ?? '';
    if (info.slice(named.length).trim() !== '') note(this.#tally, 'codeLabel');
    return named;
  }

  #lookForHtml(line: string): void {
    if (!htmlLine.test(line)) return;
    this.#htmlSeen = true;
    // A comment that begins a line ends with its own line, wherever that is.
    if (this.#html || !commentLine.test(line)) this.#html = true;
    if (longHtml.test(line)) this.#sure = false;
  }

  /** Reads a line, or several when a comment reaches over them. */
  #readLine(firstEnd: number): void {
    const start = this.#at;
    let end = firstEnd;
    while (this.#at < end) {
      const mark = this.#text.charAt(this.#at);
      if (mark === '`') {
        this.#readBackticks(end);
      } else if (mark === '\\') {
        this.#doubt ||= this.#text.charAt(this.#at + 1) === '`';
        this.#at += 2;
      } else if (mark === '<' && this.#text.startsWith('<!--', this.#at)) {
        end = this.#readComment(start, end);
      } else {
        this.#at += mark === '<' ? this.#readAngle(end) : 1;
      }
    }
    this.#pieces.push(this.#text.slice(this.#from, end + 1));
    this.#skipTo(end + 1);
  }

  /** A tag that is closed on its line without a backtick changes nothing about which backtick opens a span. */
  #readAngle(end: number): number {
    if (!/[A-Za-z/!?]/.test(this.#text.charAt(this.#at + 1))) return 1;
    closedTag.lastIndex = this.#at;
    const length = closedTag.exec(this.#text)?.[0].length ?? 0;
    if (length > 0 && this.#at + length <= end) return length;
    this.#doubt = true;
    return 1;
  }

  #readBackticks(end: number): void {
    const length = runLength(this.#text, this.#at);
    const uncertain = this.#doubt || this.#html;
    const after = uncertain ? -1 : afterSpan({ text: this.#text, from: this.#at + length, end, length });
    // In a table a vertical bar ends the cell, and the span with it.
    if (after === -1 || this.#text.slice(this.#at, after).includes('|')) {
      this.#doubt = true;
      this.#at += length;
      return;
    }
    this.#pieces.push(this.#text.slice(this.#from, this.#at));
    this.#cover(this.#text.slice(this.#at, after));
    this.#skipTo(after);
  }

  /** Returns the end of the line on which it ends. */
  #readComment(lineStart: number, lineEndAt: number): number {
    this.#doubt = true;
    const before = this.#text.slice(Math.max(lineStart, this.#from), this.#at);
    const plainStart = before.trim() === '' && !this.#html && this.#from <= lineStart;
    const close = this.#nextClose(this.#at + 2);
    const whole = close !== Number.POSITIVE_INFINITY && (plainStart || close < this.#nextBlank(this.#at));
    const beginsBlock = plainStart || (this.#from <= lineStart && onlyContainers.test(before));
    // Within a paragraph a comment ends in it, or is none and can be seen; unless HTML around it says otherwise.
    if (!whole && !beginsBlock && !this.#htmlSeen) {
      this.#at += 4;
      return lineEndAt;
    }
    note(this.#tally, 'comment');
    const after = whole ? close + 3 : this.#text.length;
    const end = lineEnd(this.#text, after);
    const alone = plainStart && this.#text.slice(after, end).trim() === '';
    this.#pieces.push(alone ? '' : before, alone ? '' : leftOut);
    this.#skipTo(alone ? end : after);
    return end;
  }

  #cover(code: string): void {
    this.#pieces.push(`\ue000${this.codes.length}\ue001`);
    this.codes.push(code);
  }

  #skipTo(at: number): void {
    this.#at = Math.min(at, this.#text.length);
    this.#from = this.#at;
  }
}

function afterFence(text: string, start: number, fence: string): number {
  let at = start;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const marks = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(text.slice(at, end))?.[1] ?? '';
    if (marks.charAt(0) === fence.charAt(0) && marks.length >= fence.length) return end;
    at = end + 1;
  }
  return text.length;
}

interface SpanSearch {
  readonly text: string;
  readonly from: number;
  readonly end: number;
  readonly length: number;
}

/** The end of a span of code that is closed on its own line by a run of as many backticks; -1 when none is. */
function afterSpan({ text, from, end, length }: SpanSearch): number {
  let at = from;
  while (at < end) {
    if (text.charAt(at) !== '`') {
      at += 1;
      continue;
    }
    const found = runLength(text, at);
    at += found;
    if (found === length) return at;
  }
  return -1;
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text.charAt(end) === '`') end += 1;
  return end - at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}
