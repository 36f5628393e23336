import { proseLines } from './prose-lines.ts';

/**
 * The lines of a comment whose first word a person could mean as a command: not in a quote or in code, and not indented,
 * where what is code is a matter of reading. When in doubt a line is left out.
 */
export function commandLines(markdown: string): readonly string[] {
  return proseLines(markdown)
    .filter(({ indented }) => !indented)
    .map(({ line }) => line);
}
