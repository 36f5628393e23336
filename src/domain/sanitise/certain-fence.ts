/** A block of code that every reading of the text agrees on, though it is indented, quoted or in a list. */
export interface CertainFence {
  readonly prefix: string;
  readonly marks: string;
  readonly info: string;
  /** Where its last line ends. */
  readonly end: number;
}

export interface FencePlace {
  readonly text: string;
  /** The line that opens it: where it begins, and its end. */
  readonly start: number;
  readonly lineEnd: number;
  /** Nothing before it in its paragraph makes a difference to how it is read. */
  readonly plainParagraph: boolean;
}

const opening = /^( *|(?:> ?)+|(?: *(?:[-*+]|[0-9]{1,9}[.)]) {1,4}))(`{3,}(?=[^`]*$)|~{3,})(.*)$/;

/**
 * Whether a fence is one depends on the list or quotation around it, which depends on all that came before. It does not
 * when every line up to a closing fence of the same indentation is indented as far. Undefined: not certain.
 */
export function readCertainFence({ text, start, lineEnd, plainParagraph }: FencePlace): CertainFence | undefined {
  const [, prefix = '', marks = '', info = ''] = opening.exec(text.slice(start, lineEnd)) ?? [];
  if (marks === '') return undefined;
  const quoted = prefix.includes('>');
  const inner = quoted ? prefix : ' '.repeat(prefix.length);
  // Deeper than three spaces it may go on a paragraph, where only a span of code would hide as much.
  const mayBeText = !quoted && (prefix.length > 3 || prefix.trim() !== '');
  const couldContinue = mayBeText && start > 0 && !/\n[ \t]*\n$/.test(text.slice(Math.max(0, start - 200), start));
  if (couldContinue && (!plainParagraph || marks.startsWith('~'))) return undefined;
  let at = lineEnd + 1;
  while (at < text.length) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    const line = text.slice(at, end);
    const blank = line.trim() === '';
    if (blank ? quoted || couldContinue : !line.startsWith(inner)) return undefined;
    const closing = line.slice(quoted ? inner.length : 0).trim();
    if (isRunOf(marks.charAt(0), closing) && closing.length >= marks.length) {
      const same = line.trimEnd() === `${inner}${closing}` && (!couldContinue || closing.length === marks.length);
      return same ? { prefix, marks, info, end } : undefined;
    }
    at = end + 1;
  }
  return undefined;
}

function isRunOf(mark: string, text: string): boolean {
  return text !== '' && text === mark.repeat(text.length);
}
