import { note, type Tally } from './removals.ts';

/** `[label]: address "title"` at the start of a line, which is never shown; titles may reach over lines. */
const definition =
  /^([ \t>*+\-0-9.)]*)\[((?:[^[\]\\\n]|\\.|\n(?![ \t]*\n)){1,999})\]:[ \t]*(?:\n[ \t]*)?(?:<[^<>\n]*>|[^\s<]\S*)(?:[ \t]*(?:\n[ \t]*)?(?:"(?:[^"\\\n]|\\.|\n(?![ \t]*\n))*"|'(?:[^'\\\n]|\\.|\n(?![ \t]*\n))*'|\((?:[^()\\\n]|\\.|\n(?![ \t]*\n))*\)))?[ \t]*$/gm;
const footnote = /^([ \t>]*)\[\^([^\]\n]{1,200})\]:[^\n]*(?:\n(?![ \t]*(?:\n|$))[^\n]+)*/gm;

export interface WithoutDefinitions {
  readonly text: string;
  /** Labels of what was taken out: `[words][label]` is a link, and the label is not shown. */
  readonly labels: ReadonlySet<string>;
}

/** Takes out what defines links (`[//]: # (hidden)` defines one that nobody uses), and footnotes that nothing refers to. */
export function withoutDefinitions(text: string, tally: Tally): WithoutDefinitions {
  const labels = new Set<string>();
  const footnotes = new Set<string>();
  for (const [, name = ''] of text.matchAll(/\[\^([^\]\n]{1,200})\](?!:)/g)) footnotes.add(name);
  let endOfLast = -1;
  const without = text
    .replace(footnote, (whole, before: string, name: string) => {
      if (footnotes.has(name)) return whole;
      note(tally, 'definition');
      return before;
    })
    .replace(definition, (whole, before: string, label: string, at: number, all: string) => {
      const afterDefinition = at === endOfLast + 1;
      const shown = before === '' && !afterDefinition && followsParagraph(all, at);
      if (label.startsWith('^') || shown) return whole;
      endOfLast = at + whole.length;
      note(tally, 'definition');
      labels.add(foldedLabel(label));
      return before;
    });
  return { text: without, labels };
}

/** How CommonMark compares labels. */
export function foldedLabel(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The line before certainly is part of a paragraph, which no definition can interrupt. */
function followsParagraph(text: string, at: number): boolean {
  if (at === 0) return false;
  const start = text.lastIndexOf('\n', at - 2) + 1;
  return /^\p{L}/u.test(text.slice(start, start + 2));
}
