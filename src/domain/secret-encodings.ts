/** One way in which a secret may be written down, reduced to what every spelling of it has in common. */
export interface Needle {
  readonly encoding: string;
  /** Lower-case letters and digits only: compare with `squeeze(text)`. */
  readonly text: string;
}

/** Shorter needles would be found by chance. */
export const minNeedleLength = 8;

/** What stands on a letter: dropped before it is put in order, which takes quadratic time for a long run of it. */
const accents = /[\p{M}\uff9e\uff9f]+/gu;

/**
 * Lower-case letters and digits in order, all else dropped, accents too. So a value is found when it is broken over
 * lines, glued from quoted parts, spaced out, or sown with invisible characters, and so is its Base64 of either alphabet.
 */
export function squeeze(text: string): string {
  return text
    .replace(accents, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}

/** A value in all the encodings that we look for, squeezed. Longer values only: see `minNeedleLength`. */
export function needlesOf(value: string): readonly Needle[] {
  const turned: readonly (readonly [string, string])[] = [
    ['', value],
    ['reversed', [...value].reverse().join('')],
    ['rot13', rot13(value)],
  ];
  const all = turned.flatMap(([turn, text]) =>
    encodings(text).map(([name, encoded]) => [joinNames(turn, name), squeeze(encoded)] as const),
  );
  const seen = new Set<string>();
  const needles: Needle[] = [];
  for (const [encoding, text] of all) {
    if (text.length < minNeedleLength || seen.has(text)) continue;
    seen.add(text);
    needles.push({ encoding, text });
  }
  return needles;
}

function joinNames(turn: string, name: string): string {
  return [turn, name].filter((part) => part !== '').join(', ') || 'plain';
}

function encodings(text: string): readonly (readonly [string, string])[] {
  const bytes = new TextEncoder().encode(text);
  const wide = Uint8Array.from([...text].flatMap((char) => [char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8]));
  const codes = [...bytes];
  const inBase64 = base64(bytes, 0);
  return [
    ['', text],
    ...[0, 1, 2].map((shift) => ['base64', base64(bytes, shift)] as const),
    ...[0, 1, 2].map((shift) => ['base64 of UTF-16', base64(wide, shift)] as const),
    ...[0, 1, 2].map((shift) => ['base64 twice', base64(ascii(inBase64), shift)] as const),
    ...[0, 1, 2].map((shift) => ['base64 of hex', base64(ascii(hex(bytes)), shift)] as const),
    ['hex of base64', hex(ascii(inBase64))],
    ...[0, 1, 2, 3, 4].map((shift) => ['base32', base32(bytes, shift)] as const),
    ['hex, percent-encoded or spaced', hex(bytes)],
    ['percent-encoded', encodeURIComponent(text)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['every character percent-encoded twice', codes.map((code) => `25${hexByte(code)}`).join('')],
    ['escapes such as \\x61 or &#x61;', codes.map((code) => `x${hexByte(code)}`).join('')],
    ['bytes such as 0x61', codes.map((code) => `0x${hexByte(code)}`).join('')],
    ['escapes such as \\u0061', codes.map((code) => `u00${hexByte(code)}`).join('')],
    ['character codes or &#97;', codes.join('')],
    ['octal escapes', codes.map((code) => code.toString(8).padStart(3, '0')).join('')],
    ['binary digits', codes.map((code) => code.toString(2).padStart(8, '0')).join('')],
    ['hex of UTF-16', hex(wide)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(text))],
  ];
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (char) => {
    const first = char <= 'Z' ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - first + 13) % 26) + first);
  });
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map(hexByte).join('');
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The characters of Base64 that depend on these bytes alone when `shift` unknown bytes stand in front of them. */
function base64(bytes: Uint8Array, shift: number): string {
  return digits(bytes, { shift, width: 6, alphabet: base64Alphabet });
}

function base32(bytes: Uint8Array, shift: number): string {
  return digits(bytes, { shift, width: 5, alphabet: base32Alphabet });
}

interface Radix {
  /** Unknown bytes in front. */
  readonly shift: number;
  /** Bits in a digit. */
  readonly width: number;
  readonly alphabet: string;
}

function digits(bytes: Uint8Array, { shift, width, alphabet }: Radix): string {
  const firstBit = shift * 8;
  const lastBit = firstBit + bytes.length * 8;
  let text = '';
  for (let bit = Math.ceil(firstBit / width) * width; bit + width <= lastBit; bit += width) {
    let digit = 0;
    for (let at = bit; at < bit + width; at += 1) {
      const local = at - firstBit;
      digit = digit * 2 + (((bytes[local >> 3] ?? 0) >> (7 - (local & 7))) & 1);
    }
    text += alphabet.charAt(digit);
  }
  return text;
}
