/** Halves of pairs, what nobody sees, and letters that change with their case. */
export const oddCharacters = [
  '\0',
  '\ud800',
  '\u200b',
  '\u202e',
  '\u{e0041}',
  'İ',
  '\u212a',
  '😀',
  '\ufeff',
  '\u0301\u0316',
  '\r',
];
