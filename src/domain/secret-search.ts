import { decodeEscapes } from './decode-escapes.ts';
import { minNeedleLength, type Needle, needlesOf, squeeze } from './secret-encodings.ts';

export interface KnownSecretHit {
  readonly name: string;
  /** `base64`, `reversed`, `a part of it`. */
  readonly encoding: string;
  /** 1-based. */
  readonly line: number;
}

/** A value that must not leave, made ready for searching. */
interface KnownSecret {
  readonly name: string;
  /** The value itself, for values with too few letters and digits to be squeezed. */
  readonly exact: string | undefined;
  readonly needles: readonly Needle[];
}

/** Letters and digits in a row that are looked for when only a part of a secret is there: 16 of them hold 80 bits and more. */
const partLength = 16;

/** A part is looked at closely where a piece of it stands at one of every so many places: one of them lies in each part. */
const pieceLength = 8;
const stride = partLength - pieceLength + 1;

/**
 * Finds values in a text in any of the encodings, backwards too, or a part of them: each value once. By the names that a
 * finding tells. Values shorter than 8 characters are not looked for: they would be found everywhere.
 */
export function knownSecretFinder(
  known: Readonly<Record<string, string>>,
): (text: string) => readonly KnownSecretHit[] {
  const values = Object.entries(known)
    .map(([name, value]) => ({ name, value: value.trim() }))
    .filter(({ value }) => value.length >= minNeedleLength);
  // Made at the first search: most processes never search, and it takes longer than they have at their start.
  let ready: Prepared | undefined;
  return (text) => {
    if (values.length === 0 || text.length < minNeedleLength) return [];
    ready ??= prepare(values);
    return findAll(text, ready);
  };
}

interface Prepared {
  readonly secrets: readonly KnownSecret[];
  readonly pieces: ReadonlySet<string>;
  /** Whose part it is. */
  readonly parts: ReadonlyMap<string, string>;
}

function prepare(values: readonly { readonly name: string; readonly value: string }[]): Prepared {
  const pieces = new Set<string>();
  const parts = new Map<string, string>();
  const secrets = values.map(({ name, value }): KnownSecret => {
    for (const part of partsOf(value)) {
      parts.set(part, name);
      for (let at = 0; at < stride; at += 1) pieces.add(part.slice(at, at + pieceLength));
    }
    const tooFewLetters = squeeze(value).length < minNeedleLength;
    return { name, needles: needlesOf(value), exact: tooFewLetters ? value : undefined };
  });
  return { secrets, pieces, parts };
}

/** Windows over the value. The first segment of a JWT says nothing that is not public. */
function partsOf(value: string): ReadonlySet<string> {
  const parts = new Set<string>();
  for (const segment of value.replace(/eyJ[A-Za-z0-9_-]{8,}\./g, ' ').split(' ')) {
    const text = squeeze(segment);
    for (let at = 0; at + partLength <= text.length; at += 1) parts.add(text.slice(at, at + partLength));
  }
  return parts;
}

function findAll(text: string, prepared: Prepared): readonly KnownSecretHit[] {
  const decoded = decodeEscapes(decodeEscapes(text));
  const views = (decoded === text ? [text] : [text, decoded]).map(squeezedView);
  const found = new Map<string, KnownSecretHit>();
  const add = (hit: KnownSecretHit): void => void (found.has(hit.name) || found.set(hit.name, hit));
  for (const view of views) {
    for (const hit of wholeIn(view, prepared.secrets)) add(hit);
    for (const hit of partsIn(view, prepared)) add(hit);
  }
  for (const { name, exact } of prepared.secrets) {
    const at = exact === undefined ? -1 : text.indexOf(exact);
    if (at !== -1) add({ name, encoding: 'plain', line: text.slice(0, at).split('\n').length });
  }
  return [...found.values()];
}

interface SqueezedView {
  readonly text: string;
  readonly backwards: string;
  /** Where each line begins in `text`. */
  readonly lineStarts: readonly number[];
}

function squeezedView(text: string): SqueezedView {
  const lineStarts: number[] = [];
  let length = 0;
  const lines = text.split('\n').map((line) => {
    const squeezed = squeeze(line);
    lineStarts.push(length);
    length += squeezed.length;
    return squeezed;
  });
  const joined = lines.join('');
  return { text: joined, backwards: [...joined].reverse().join(''), lineStarts };
}

function wholeIn(view: SqueezedView, secrets: readonly KnownSecret[]): readonly KnownSecretHit[] {
  return secrets.flatMap(({ name, needles }) => {
    for (const { encoding, text } of needles) {
      const at = view.text.indexOf(text);
      if (at !== -1) return [{ name, encoding, line: lineAt(view, at) }];
      const back = view.backwards.indexOf(text);
      if (back !== -1) return [{ name, encoding: backwards(encoding), line: lineOfBack(view, back, text.length) }];
    }
    return [];
  });
}

function backwards(encoding: string): string {
  return encoding === 'plain' ? 'reversed' : `${encoding}, reversed`;
}

function partsIn(view: SqueezedView, { pieces, parts }: Prepared): readonly KnownSecretHit[] {
  const hits: KnownSecretHit[] = [];
  for (const direction of ['text', 'backwards'] as const) {
    const text = view[direction];
    for (let at = 0; at + pieceLength <= text.length; at += stride) {
      if (!pieces.has(text.slice(at, at + pieceLength))) continue;
      for (let from = Math.max(0, at - stride + 1); from <= at; from += 1) {
        const name = parts.get(text.slice(from, from + partLength));
        if (name === undefined) continue;
        const line = direction === 'text' ? lineAt(view, from) : lineOfBack(view, from, partLength);
        hits.push({ name, encoding: direction === 'text' ? 'a part of it' : 'a part of it, reversed', line });
        break;
      }
    }
  }
  return hits;
}

function lineOfBack(view: SqueezedView, at: number, length: number): number {
  return lineAt(view, view.text.length - at - length);
}

/** The last line that begins at or before a position. */
function lineAt({ lineStarts }: SqueezedView, position: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
