/** Where a pattern (with the flag `g`) is found next, asked in ascending order: the text is searched once, not once a question. */
export function nextMatch(text: string, pattern: RegExp): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found < from) {
      pattern.lastIndex = from;
      found = pattern.exec(text)?.index ?? Number.POSITIVE_INFINITY;
    }
    return found;
  };
}
