/** What is wrong with a JSON text before it is parsed. */
export type JsonFlaw = 'too-deep' | 'duplicate-key' | 'reserved-key' | 'bad-number' | 'bad-text';

interface Container {
  /** Names seen so far; absent in an array. */
  readonly keys?: Set<string>;
  expectsKey: boolean;
}

/**
 * One pass over the text, without recursion: nesting beyond the limit, names that stand twice in one object (readers
 * disagree which one counts), names that lead to an object's own machinery, numbers that no double holds, halves of
 * surrogate pairs. What is no JSON at all is left to the parser. Undefined: it may be parsed.
 */
export function findJsonFlaw(text: string, maxDepth: number): JsonFlaw | undefined {
  if (!text.isWellFormed()) return 'bad-text';
  // Otherwise half a pair can only be named by an escape. A pattern, for V8 may move `includes` into the loop, character by
  // character, which makes a search of the whole text of each.
  const escapes = /\\u/.test(text);
  const open: Container[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    const inside = open.at(-1);
    switch (char) {
      case quote: {
        const end = endOfString(text, at);
        const isKey = inside?.keys !== undefined && inside.expectsKey;
        const raw = isKey || escapes ? text.slice(at, end) : '';
        const flaw = isKey ? flawOfKey(raw, inside) : flawOfText(raw);
        if (flaw !== undefined) return flaw;
        at = end;
        continue;
      }
      case openBrace:
      case openBracket:
        if (open.length >= maxDepth) return 'too-deep';
        open.push(char === openBrace ? { keys: new Set(), expectsKey: true } : { expectsKey: false });
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        break;
      case comma:
        if (inside?.keys !== undefined) inside.expectsKey = true;
        break;
      default:
        if (char === minus || (char >= zero && char <= nine)) {
          const end = endOfNumber(text, at);
          if (!Number.isFinite(Number(text.slice(at, end)))) return 'bad-number';
          at = end;
          continue;
        }
    }
    at += 1;
  }
  return undefined;
}

function flawOfKey(raw: string, inside: Container): JsonFlaw | undefined {
  if (flawOfText(raw) !== undefined) return 'bad-text';
  const value = raw.includes('\\') ? unescaped(raw) : raw.slice(1, -1);
  if (value === undefined) return undefined;
  inside.expectsKey = false;
  if (value === '__proto__' || value === 'constructor') return 'reserved-key';
  if (inside.keys?.has(value) === true) return 'duplicate-key';
  inside.keys?.add(value);
  return undefined;
}

/** Half of a surrogate pair, as an escape names it; what has none is not read for it. */
const half = /\\u[dD][89a-fA-F]/;

function flawOfText(raw: string): JsonFlaw | undefined {
  return half.test(raw) && unescaped(raw)?.isWellFormed() === false ? 'bad-text' : undefined;
}

/** Undefined: no JSON string; the parser will say so. */
function unescaped(raw: string): string | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Just behind the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === backslash) at += 1;
    else if (char === quote) return at + 1;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && '0123456789+-.eE'.includes(text.charAt(at))) at += 1;
  return at;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
