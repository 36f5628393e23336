import { fold, hasAsciiAt, isAscii } from './fold.ts';

/** Letters, digits, marks and `_`; everything else separates words. */
const wordPattern = /[\p{L}\p{N}\p{M}_]+/gu;
const wordCharacter = /^[\p{L}\p{N}\p{M}_]/u;

export function wordsOf(text: string): readonly string[] {
  return fold(text).match(wordPattern) ?? [];
}

export interface WordSearch {
  readonly words: readonly string[];
  /** The longest of the words that are ASCII: without it in the text, in any case, nothing else need be looked at. */
  readonly longest?: string;
  /** Finds the longest and the first word; neither copies nor folds the text. */
  readonly mustHave?: RegExp;
  readonly first?: RegExp;
}

export function wordSearch(words: readonly string[]): WordSearch {
  const ascii = words.filter(isAscii);
  const [longest] = [...ascii].sort((a, b) => b.length - a.length);
  if (longest === undefined) return { words };
  // Without the flag `u` only ASCII is alike to ASCII; a word holds no character that means something in a pattern.
  const first = ascii.length === words.length ? new RegExp(words[0] ?? '', 'gi') : undefined;
  const mustHave = first === undefined || longest !== words[0] ? new RegExp(longest, 'i') : undefined;
  return { words, longest, ...(mustHave && { mustHave }), ...(first && { first }) };
}

/** Whether the words follow each other in the text, as whole words, without regard to case and to what separates them. */
export function hasWords(text: string, { words, mustHave, first }: WordSearch): boolean {
  if (mustHave !== undefined && !mustHave.test(text)) return false;
  const length = words[0]?.length ?? 0;
  if (first !== undefined) {
    first.lastIndex = 0;
    while (first.test(text)) {
      if (wordsAt(text, first.lastIndex - length, words)) return true;
    }
    return false;
  }
  const folded = fold(text);
  const [word = ''] = words;
  for (let at = folded.indexOf(word); at !== -1; at = folded.indexOf(word, at + 1)) {
    if (wordsAt(folded, at, words)) return true;
  }
  return false;
}

/** The text is folded, or all words are ASCII. */
function wordsAt(text: string, start: number, words: readonly string[]): boolean {
  if (start > 0 && isWordAt(text, beforeOf(text, start))) return false;
  let at = start;
  for (const [index, word] of words.entries()) {
    if (index > 0) {
      const separated = at;
      while (at < text.length && !isWordAt(text, at)) at += text.charCodeAt(at) >= 0xd800 ? widthAt(text, at) : 1;
      if (at === separated) return false;
      if (!text.startsWith(word, at) && !hasAsciiAt(text, word, at)) return false;
    }
    at += word.length;
    if (at < text.length && isWordAt(text, at)) return false;
  }
  return true;
}

function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0x80) return wordCharacter.test(String.fromCodePoint(text.codePointAt(at) ?? 0));
  const digit = code >= 0x30 && code <= 0x39;
  const upper = code >= 0x41 && code <= 0x5a;
  const lower = code >= 0x61 && code <= 0x7a;
  return digit || upper || lower || code === 0x5f;
}

function beforeOf(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  const pair = low >= 0xdc00 && low <= 0xdfff && at > 1 && widthAt(text, at - 2) === 2;
  return pair ? at - 2 : at - 1;
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
