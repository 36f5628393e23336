/** A query comes from anywhere: these bound what reading and answering it can cost. */
export const queryLimits = {
  /** UTF-16 units. */
  length: 65_536,
  /** Parentheses inside of parentheses. */
  depth: 32,
  /** Values and words or phrases together. */
  conditions: 1_000,
  /** UTF-16 units of one value, word or phrase. */
  literal: 1_024,
  /** Words of one phrase. */
  words: 64,
} as const;
