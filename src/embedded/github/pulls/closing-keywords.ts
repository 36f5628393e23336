const keyword = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+#(\d{1,9})\b/gi;

/** Issues of the same repository that a text closes when it lands on the default branch. */
export function closedNumbers(text: string): number[] {
  return [...new Set([...text.matchAll(keyword)].map((match) => Number(match[1])))];
}
