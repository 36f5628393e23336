import { fold, isAscii } from './fold.ts';

/** Letters, digits, marks and `_`; everything else separates words. */
const wordPattern = /[\p{L}\p{N}\p{M}_]+/gu;
const startsWithWord = /^[\p{L}\p{N}\p{M}_]/u;
const endsWithWord = /[\p{L}\p{N}\p{M}_]$/u;

export function wordsOf(text: string): readonly string[] {
  return fold(text).match(wordPattern) ?? [];
}

export interface WordSearch {
  readonly words: readonly string[];
  /** The longest of the words when it is ASCII: without it in the text, in any case, nothing else need be looked at. */
  readonly rare?: { readonly word: string; readonly pattern: RegExp };
}

export function wordSearch(words: readonly string[]): WordSearch {
  const word = [...words].sort((a, b) => b.length - a.length).find((candidate) => isAscii(candidate));
  // Without the flag `u` only ASCII is alike to ASCII; a word holds no character that means something in a pattern.
  return word === undefined ? { words } : { words, rare: { word, pattern: new RegExp(word, 'i') } };
}

/** Whether the words follow each other in the text, as whole words, without regard to case and to what separates them. */
export function hasWords(text: string, { words, rare }: WordSearch): boolean {
  if (rare !== undefined && !rare.pattern.test(text)) return false;
  const [first = ''] = words;
  const folded = fold(text);
  for (let at = folded.indexOf(first); at !== -1; at = folded.indexOf(first, at + 1)) {
    if (wordsAt(folded, at, words)) return true;
  }
  return false;
}

function wordsAt(folded: string, start: number, words: readonly string[]): boolean {
  let at = start;
  if (endsWithWord.test(folded.slice(Math.max(0, at - 2), at))) return false;
  for (const [index, word] of words.entries()) {
    if (index > 0) {
      const separated = at;
      while (at < folded.length && !startsWithWord.test(characterAt(folded, at))) at += characterAt(folded, at).length;
      if (at === separated) return false;
    }
    if (!folded.startsWith(word, at)) return false;
    at += word.length;
    if (at < folded.length && startsWithWord.test(characterAt(folded, at))) return false;
  }
  return true;
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}
