import { note, type Tally } from './removals.ts';

/** A word of Latin letters with Cyrillic or Greek ones between them: hardly a word, and easily taken for another one. */
const word = /[\p{L}\p{M}]+/gu;
const latin = /\p{Script=Latin}/u;
const lookAlike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** Only counted: what a person wrote so on purpose is not for us to change. */
export function noteMixedAlphabets(text: string, tally: Tally): void {
  if (!lookAlike.test(text)) return;
  for (const [letters] of text.matchAll(word)) {
    const mixed = letters.length > 2 && lookAlike.test(letters) && latin.test(letters);
    if (mixed) note(tally, 'mixedAlphabets');
  }
}
