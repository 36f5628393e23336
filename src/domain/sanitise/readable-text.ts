import { coverCode, leftOut } from './code-cover.ts';
import { withoutUndrawn } from './drawn-fences.ts';
import { withoutHiddenCells } from './hidden-cells.ts';
import { withoutDefinitions } from './hidden-definitions.ts';
import { withoutHiddenHtml } from './hidden-html.ts';
import { withoutHiddenLinks } from './hidden-links.ts';
import { withoutImitatedMarks } from './imitated-marks.ts';
import { withoutInvisible } from './invisible-characters.ts';
import { noteMixedAlphabets } from './mixed-alphabets.ts';
import type { Removals, Tally } from './removals.ts';

export interface ReadableText {
  readonly text: string;
  readonly removed: Removals;
}

/**
 * What people see of a Markdown text, for an agent to read: what GitHub does not show (comments, texts of images, titles,
 * definitions, attributes, invisible characters) is taken out and counted, and nothing in it looks like a mark of ours. Code
 * stays as it is, but for invisible characters and what GitHub draws. Idempotent, and linear in the text.
 */
export function readableMarkdown(markdown: string): ReadableText {
  const removed: Tally = {};
  let text = withoutInvisible(markdown, removed);
  for (let round = 0; round < mostRounds; round += 1) {
    const next = oneRound(text, removed);
    if (next === text) return told(text, removed);
    text = next;
  }
  return told(oneRound(withoutMarkup(text), removed), removed);
}

/** What is taken out can bring together what hides something again. Honest text needs one round, and one that finds nothing. */
const mostRounds = 5;

function oneRound(markdown: string, removed: Tally): string {
  const covered = coverCode(withoutUndrawn(withoutImitatedMarks(markdown, removed), removed), removed);
  const html = withoutHiddenHtml(covered.text, removed);
  const links = withoutHiddenLinks(withoutDefinitions(html, removed), removed);
  return covered.uncover(withoutHiddenCells(links, removed));
}

/** Of a text that was made to take ever more rounds nothing is left that could be read as markup. */
function withoutMarkup(text: string): string {
  return text.replace(/[<[\]`~&|]/g, (mark) => (mark === '<' ? '‹' : leftOut));
}

function told(text: string, removed: Tally): ReadableText {
  noteMixedAlphabets(text, removed);
  return { text, removed };
}

/** The same for text that is no Markdown: titles, labels, what a program printed. */
export function readablePlain(plain: string): ReadableText {
  const removed: Tally = {};
  return told(withoutImitatedMarks(withoutInvisible(plain, removed), removed), removed);
}

/** The same for what maintainers wrote: their headings may be like ours, but nothing is hidden in between. */
export function readableTrusted(trusted: string): ReadableText {
  const removed: Tally = {};
  return told(withoutInvisible(trusted, removed), removed);
}
