import { leftOut } from './code-cover.ts';
import { foldedLabel, type WithoutDefinitions } from './hidden-definitions.ts';
import { note, type RemovalKind, type Tally } from './removals.ts';

/** A stretch of text, and what stands in its place. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly put: string;
  readonly kind: RemovalKind;
}

/** Texts of images, titles of links, links without words and labels of links: none of them is shown. */
export function withoutHiddenLinks({ text, labels }: WithoutDefinitions, tally: Tally): string {
  const edits: Edit[] = [];
  const openers: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charAt(at);
    if (mark === '\\') {
      at += 1;
    } else if (mark === '[') {
      openers.push(at);
    } else if (mark === ']') {
      const opener = openers.pop();
      if (opener !== undefined) edits.push(...hiddenBehind({ text, labels, opener, closer: at }));
    } else if (mark === '\n' && /^\n[ \t]*(?:\n|$)/.test(text.slice(at, at + 200))) {
      openers.length = 0;
    }
  }
  return applied(text, edits, tally);
}

interface Brackets {
  readonly text: string;
  readonly labels: ReadonlySet<string>;
  readonly opener: number;
  readonly closer: number;
}

function hiddenBehind({ text, labels, opener, closer }: Brackets): readonly Edit[] {
  const isImage = text.charAt(opener - 1) === '!';
  const words = text.slice(opener + 1, Math.min(closer, opener + 1_000));
  const inline = text.charAt(closer + 1) === '(' ? readDestination(text, closer + 2) : undefined;
  if (inline !== undefined) {
    if (isImage) return [{ from: opener - 1, to: inline.end, put: '{image}', kind: 'imageText' }];
    const silent = /^(?:\s|<[^<>]*>)*$/.test(words);
    if (silent) return [{ from: opener, to: inline.end, put: leftOut, kind: 'hiddenLink' }];
    if (inline.titleAt === undefined) return [];
    return [{ from: inline.titleAt, to: inline.end - 1, put: '', kind: 'linkTitle' }];
  }
  if (labels.size === 0) return [];
  const label = /^\[([^[\]]{0,999})\]/.exec(text.slice(closer + 1, closer + 1_002));
  const named = foldedLabel(label === null || label[1] === '' ? words : (label[1] ?? ''));
  if (!labels.has(named)) return [];
  const end = closer + 1 + (label?.[0].length ?? 0);
  if (isImage) return [{ from: opener - 1, to: end, put: '{image}', kind: 'imageText' }];
  return label === null ? [] : [{ from: closer + 1, to: end, put: leftOut, kind: 'linkTitle' }];
}

interface Destination {
  /** Behind the closing parenthesis. */
  readonly end: number;
  /** Where the white space before the title begins. */
  readonly titleAt: number | undefined;
}

const deepestNest = 32;
const space = /[ \t]*(?:\n[ \t]*)?/y;
const title = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\((?:[^()\\]|\\[\s\S])*\)/y;

/** What stands between the parentheses of a link: an address, and perhaps a title. */
function readDestination(text: string, start: number): Destination | undefined {
  const first = start + matchLength(space, text, start);
  const addressEnd = text.charAt(first) === '<' ? afterAngle(text, first) : afterBare(text, first);
  if (addressEnd === undefined) return undefined;
  const titleStart = addressEnd + matchLength(space, text, addressEnd);
  const titleLength = titleStart > addressEnd ? matchLength(title, text, titleStart) : 0;
  const last = titleStart + titleLength;
  const end = last + matchLength(space, text, last);
  if (text.charAt(end) !== ')') return undefined;
  return { end: end + 1, titleAt: titleLength > 0 ? addressEnd : undefined };
}

function afterAngle(text: string, at: number): number | undefined {
  const end = /[\n<>]/g;
  end.lastIndex = at + 1;
  const found = end.exec(text);
  return found?.[0] === '>' ? found.index + 1 : undefined;
}

function afterBare(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const mark = text.charAt(at);
    if (mark === ' ' || mark === '\t' || mark === '\n') return at;
    if (mark === '\\') at += 1;
    else if (mark === '(') depth += 1;
    else if (mark === ')' && depth === 0) return at;
    else if (mark === ')') depth -= 1;
    if (depth > deepestNest) return undefined;
  }
  return undefined;
}

function matchLength(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length ?? 0;
}

/** Edits laid over a text; one that lies within another is part of what the other takes away. */
function applied(text: string, edits: readonly Edit[], tally: Tally): string {
  const ordered = edits.toSorted((a, b) => a.from - b.from || b.to - a.to);
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to, put, kind } of ordered) {
    if (from < done) continue;
    note(tally, kind);
    pieces.push(text.slice(done, from), put);
    done = to;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}
