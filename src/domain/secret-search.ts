import { minNeedleLength, type Needle, needlesOf, squeeze } from './secret-encodings.ts';

/** A value that must not leave, made ready for searching. */
export interface KnownSecret {
  readonly name: string;
  /** The value itself, for values with too few letters and digits to be squeezed. */
  readonly exact: string | undefined;
  readonly needles: readonly Needle[];
  /** Parts long enough to give the value away; see `partLength`. */
  readonly parts: ReadonlySet<string>;
}

export interface KnownSecretHit {
  readonly name: string;
  /** `base64`, `reversed`, `a part of it`. */
  readonly encoding: string;
  /** 1-based. */
  readonly line: number;
}

/** Letters and digits in a row that are looked for when only a part of a secret is there: 16 of them hold 80 bits and more. */
const partLength = 16;

/** Values shorter than 8 characters are not looked for: they would be found everywhere. */
export function knownSecret(name: string, value: string): KnownSecret | undefined {
  const trimmed = value.trim();
  if (trimmed.length < minNeedleLength) return undefined;
  const needles = needlesOf(trimmed);
  const tooFewLetters = squeeze(trimmed).length < minNeedleLength;
  return { name, needles, exact: tooFewLetters ? trimmed : undefined, parts: partsOf(trimmed) };
}

/** Windows over the value and over its reverse. The first segment of a JWT says nothing that is not public. */
function partsOf(value: string): ReadonlySet<string> {
  const parts = new Set<string>();
  for (const segment of value.replace(/eyJ[A-Za-z0-9_-]{8,}\./g, ' ').split(' ')) {
    const plain = squeeze(segment);
    for (const text of [plain, [...plain].reverse().join('')]) {
      for (let at = 0; at + partLength <= text.length; at += 1) parts.add(text.slice(at, at + partLength));
    }
  }
  return parts;
}

/** Every known value that is in a text in any of the encodings, once for each value. */
export function findKnown(text: string, secrets: readonly KnownSecret[]): readonly KnownSecretHit[] {
  if (secrets.length === 0) return [];
  const views = [squeezedView(text)];
  const decoded = decodeEscapes(decodeEscapes(text));
  if (decoded !== text) views.push(squeezedView(decoded));
  return secrets.flatMap((secret) => {
    for (const view of views) {
      const hit = findIn(view, secret);
      if (hit !== undefined) return [hit];
    }
    const at = secret.exact === undefined ? -1 : text.indexOf(secret.exact);
    return at === -1 ? [] : [{ name: secret.name, encoding: 'plain', line: text.slice(0, at).split('\n').length }];
  });
}

interface SqueezedView {
  readonly text: string;
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
  return { text: lines.join(''), lineStarts };
}

function findIn(view: SqueezedView, secret: KnownSecret): KnownSecretHit | undefined {
  for (const { encoding, text } of secret.needles) {
    const at = view.text.indexOf(text);
    if (at !== -1) return { name: secret.name, encoding, line: lineAt(view, at) };
  }
  if (secret.parts.size === 0) return undefined;
  for (let at = 0; at + partLength <= view.text.length; at += 1) {
    if (secret.parts.has(view.text.slice(at, at + partLength)))
      return { name: secret.name, encoding: 'a part of it', line: lineAt(view, at) };
  }
  return undefined;
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

const escapes =
  /%([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#([0-9]{1,7});|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\x([0-9a-f]{2})|\\([0-7]{3})/gi;

/** Escapes of URLs, HTML, JSON and string literals as what they stand for, however they are mixed. */
function decodeEscapes(text: string): string {
  return text.replace(/&amp;/gi, '&').replace(escapes, (whole, ...groups: (string | undefined)[]) => {
    const [percent, htmlHex, htmlDecimal, unicode, braced, byte, octal] = groups;
    const hexDigits = percent ?? htmlHex ?? unicode ?? braced ?? byte;
    const code =
      hexDigits === undefined
        ? Number.parseInt(htmlDecimal ?? octal ?? '', htmlDecimal === undefined ? 8 : 10)
        : Number.parseInt(hexDigits, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
