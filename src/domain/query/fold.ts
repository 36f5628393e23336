const kelvin = '\u212a';

/**
 * For comparing without regard to case. The Kelvin sign stays as it is: it is the only other character that would become
 * an ASCII letter, and without it a store may compare ASCII by its own means (SQLite's NOCASE) and agree.
 */
export function fold(text: string): string {
  if (!text.includes(kelvin)) return text.toLowerCase();
  return text
    .split(kelvin)
    .map((part) => part.toLowerCase())
    .join(kelvin);
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** Whether `text` is `folded` but for case. */
export function sameFolded(text: string, folded: string, foldedIsAscii: boolean): boolean {
  if (text === folded) return true;
  if (!foldedIsAscii) return fold(text) === folded;
  return text.length === folded.length && hasAsciiAt(text, folded, 0);
}

/** Whether `folded`, which is ASCII, stands there in `text` but for case; nothing is copied for it. */
export function hasAsciiAt(text: string, folded: string, at: number): boolean {
  for (let index = 0; index < folded.length; index += 1) {
    const wanted = folded.charCodeAt(index);
    const found = text.charCodeAt(at + index);
    const upper = found >= 0x41 && found <= 0x5a;
    if ((upper ? found + 0x20 : found) !== wanted) return false;
  }
  return true;
}
