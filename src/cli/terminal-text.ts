import { sliceWhole, stripInvisible } from '../domain/visible-text.ts';

/**
 * Whatever is shown on a terminal passes through here: titles of issues, output of tools and answers of servers are
 * untrusted, and an escape sequence in them could move the cursor, rename the window, paste or forge our own lines.
 */
const sequences =
  // CSI · OSC, DCS, SOS, PM, APC up to their end or the line's · every other escape of two or three characters
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]?|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]{0,16}[0-~]?/g;

/** Text for a terminal: newlines and tabs stay, everything else that is not visible goes. */
export function terminalText(text: string): string {
  return stripInvisible(text.replace(sequences, ''));
}

/** One line, single spaces, cut to the width of the column. */
export function terminalLine(text: string, width: number): string {
  // Enough for any column; keeps a megabyte of tool output out of the passes below.
  const line = terminalText(text.slice(0, 4_000)).replace(/\s+/g, ' ').trim();
  return cutToWidth(line, width);
}

/** At most so many columns, with an ellipsis where something is missing. */
export function cutToWidth(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  if (width < 1) return '';
  let end = 0;
  let used = 0;
  for (const character of line) {
    used += characterWidth(character);
    if (used > width - 1) break;
    end += character.length;
  }
  return `${sliceWhole(line, end).trimEnd()}…`;
}

/** Cut or filled with blanks to exactly so many columns. */
export function padTo(line: string, width: number): string {
  const cut = cutToWidth(line, width);
  return cut + ' '.repeat(Math.max(0, width - displayWidth(cut)));
}

export function displayWidth(line: string): number {
  let width = 0;
  for (const character of line) width += characterWidth(character);
  return width;
}

/** East Asian wide characters and emoji take two columns, combining marks none (Unicode TR11, in coarse ranges). */
function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^\p{M}$/u.test(character)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
