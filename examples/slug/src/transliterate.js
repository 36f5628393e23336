const symbols = new Map([
  ['&', ' and '],
  ['@', ' at '],
  ['%', ' percent '],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['ø', 'o'],
  ['Ø', 'O'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ["'", ''],
  ['’', ''],
]);

/** Replaces letters with marks and common symbols by plain Latin letters. */
export function transliterate(text) {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '');
  return Array.from(plain, (character) => symbols.get(character) ?? character).join('');
}
