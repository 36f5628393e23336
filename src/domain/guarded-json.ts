import { findJsonFlaw, type JsonFlaw } from './json-guard.ts';

export type GuardedJson =
  | { readonly kind: 'json'; readonly value: unknown }
  /** A sentence about the body, in words of ours only. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A stranger's bytes as a value. What is no UTF-8, too deep or ambiguous is refused before it is parsed. */
export function readGuardedJson(bytes: Uint8Array, maxDepth: number): GuardedJson {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refused('the body is not UTF-8 text');
  }
  return readGuardedText(text, maxDepth);
}

/** The same of a text that was decoded already. */
export function readGuardedText(text: string, maxDepth: number): GuardedJson {
  const flaw = findJsonFlaw(text, maxDepth);
  if (flaw !== undefined) return refused(flawText(flaw, maxDepth));
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    // The parser's own words quote the body, which may hold what nobody should read in a log.
    return refused('the body is not JSON');
  }
}

function flawText(flaw: JsonFlaw, maxDepth: number): string {
  switch (flaw) {
    case 'too-deep':
      return `the body is nested deeper than ${maxDepth} levels`;
    case 'duplicate-key':
      return 'an object of the body has the same name twice';
    case 'reserved-key':
      return 'an object of the body has a member named __proto__ or constructor';
    case 'bad-number':
      return 'the body holds a number that is too large';
    case 'bad-text':
      return 'the body holds half of a surrogate pair, which is no text';
    default:
      return flaw satisfies never;
  }
}

function refused(reason: string): GuardedJson {
  return { kind: 'refused', reason };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
