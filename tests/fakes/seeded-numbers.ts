/** Mulberry32: numbers from 0 to 1 (exclusive), the same ones for the same seed on every machine. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Choices made with such numbers. */
export interface Draw {
  /** A whole number from 0, less than `count`. */
  below(count: number): number;
  /** True in this share of the cases. */
  chance(share: number): boolean;
  one<T>(choices: readonly T[]): T;
  some<T>(choices: readonly T[], atMost: number): readonly T[];
}

export function drawFrom(seed: number): Draw {
  const random = numbersFrom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const one = <T>(choices: readonly T[]): T => {
    const chosen = choices[below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
  return {
    below,
    chance: (share) => random() < share,
    one,
    some: (choices, atMost) => [
      ...new Set(Array.from({ length: choices.length === 0 ? 0 : below(atMost + 1) }, () => one(choices))),
    ],
  };
}
