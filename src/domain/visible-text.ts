import { withoutInvisible } from './sanitise/invisible-characters.ts';

/** Text that people can see: without code points that nobody sees; tabs and newlines stay. */
export function stripInvisible(text: string): string {
  return withoutInvisible(text);
}

/** One line, single spaces, at most so long; an ellipsis tells of the cut. */
export function oneLine(text: string, maxLength: number): string {
  return shortLine(stripInvisible(text), maxLength);
}

/** The same for text that holds nothing invisible any more. */
export function shortLine(visible: string, maxLength: number): string {
  const line = visible.replace(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${sliceWhole(line, maxLength - 1).trimEnd()}…`;
}

/** At most so many characters, with a note of how many are missing. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${sliceWhole(text, maxLength).trimEnd()}\n\n(cut here: ${text.length - maxLength} more characters)`;
}

/** From the start, never ending in half of a surrogate pair. */
export function sliceWhole(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? end - 1 : end);
}
