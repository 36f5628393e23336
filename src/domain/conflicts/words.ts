const word = /[\p{L}\p{N}_$]{1,200}|[^\s\p{L}\p{N}_$]/gu;
/** Of a longer line the rest is one word: it is generated, and equal or not. */
const maxLine = 2_000;

/** Words and single signs of some lines, without the space between them: re-indented code has the same ones. */
export function wordsOf(lines: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (const line of lines) {
    words.push(...(line.slice(0, maxLine).match(word) ?? []));
    if (line.length > maxLine) words.push(line.slice(maxLine));
  }
  return words;
}

/** Words with the one that follows: they tell an order, where the words alone are the same. */
export function pairsOf(words: readonly string[]): readonly string[] {
  return words.slice(1).map((next, at) => `${words[at]} ${next}`);
}

/** A line as moved or re-indented code still has it; empty where it has neither letter nor digit. */
export function bareLine(line: string): string {
  return /[\p{L}\p{N}]/u.test(line) ? line.trim().replace(/\s+/g, ' ') : '';
}
