import { Buffer } from 'node:buffer';

export interface SecretMasker {
  /** Hides the value, each line of it, and the encodings that GitHub's runner hides too. */
  add(value: string): void;
  mask(text: string): string;
  /** Whether `mask` would change the text. */
  hides(text: string): boolean;
}

/** A new one knows what the other knew; what either learns later stays its own (a mask holds for one job). */
export function createSecretMasker(known: Iterable<string> = []): SecretMasker {
  const hidden = new Set<string>();
  const add = (value: string): void => {
    for (const part of [value, ...value.split(/[\r\n]+/)]) {
      const trimmed = part.trim();
      for (const form of [part, trimmed].filter((text) => text.trim() !== '')) {
        for (const encoded of encodingsOf(form)) hidden.add(encoded);
      }
    }
  };
  for (const value of known) add(value);
  return { add, mask: (text) => maskAll(text, hidden), hides: (text) => maskAll(text, hidden) !== text };
}

const mask = '***';

/** Overlapping finds become one mask, so that no rest of a secret is left between two of them. */
function maskAll(text: string, hidden: ReadonlySet<string>): string {
  const finds: [number, number][] = [];
  for (const value of hidden) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) finds.push([at, at + value.length]);
  }
  if (finds.length === 0) return text;
  finds.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let result = '';
  let done = 0;
  let end = -1;
  for (const [from, to] of finds) {
    const isNew = from > end;
    if (isNew) result += text.slice(done, from) + mask;
    end = Math.max(end, to);
    done = end;
  }
  return result + text.slice(done);
}

function encodingsOf(value: string): readonly string[] {
  const quoted = value.length > 8 && value.startsWith('"') && value.endsWith('"');
  const encodings = [
    value,
    base64(value),
    base64Shifted(value, 1),
    base64Shifted(value, 2),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    xmlEscaped(value),
    quoted ? value.slice(1, -1) : '',
  ];
  return encodings.filter((text) => text !== '');
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64');
}

/** The part of the base64 form that stays the same when one or two bytes stand before the secret (`user:secret`). */
function base64Shifted(value: string, shift: 1 | 2): string {
  const bytes = Buffer.from(value);
  return bytes.length > shift ? bytes.subarray(shift).toString('base64') : '';
}

function xmlEscaped(value: string): string {
  const entities: Readonly<Record<string, string>> = {
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
    '&': '&amp;',
  };
  return value.replace(/[<>"'&]/g, (character) => entities[character] ?? character);
}
