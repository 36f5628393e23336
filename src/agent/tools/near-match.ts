import { withVisibleInvisible } from '../../domain/sanitise/invisible-characters.ts';
import { stripInvisible } from '../../domain/visible-text.ts';
import { clipLine } from './numbered-lines.ts';

/** Lines compared at most; a search over more would take longer than the help is worth. */
const mostLines = 20_000;
const mostShown = 3;
const leastSimilarity = 0.4;

/** Why a passage was not found in a text, as far as that can be told: the text for the model. */
export function explainNoMatch(fileText: string, passage: string): string {
  const fileLines = fileText.split('\n').slice(0, mostLines);
  return (
    numbersCopied(fileText, passage) ??
    lineEndsDiffer(fileText, passage) ??
    invisibleDiffers(fileText, passage) ??
    whiteSpaceDiffers(fileLines, passage) ??
    nearestLines(fileLines, passage)
  );
}

function numbersCopied(fileText: string, passage: string): string | undefined {
  const lines = passage.split('\n');
  const numbered = lines.every((line) => line === '' || /^\s*[0-9]+\t/.test(line));
  if (!numbered || passage.trim() === '') return undefined;
  const bare = lines.map((line) => line.replace(/^\s*[0-9]+\t/, '')).join('\n');
  if (!fileText.replaceAll('\r\n', '\n').includes(bare)) return undefined;
  return 'old_text holds the line numbers that read_file shows. Leave the number and the tab out.';
}

function lineEndsDiffer(fileText: string, passage: string): string | undefined {
  const unified = passage.replaceAll('\r\n', '\n');
  if (!fileText.replaceAll('\r\n', '\n').includes(unified)) return undefined;
  return passage.includes('\r')
    ? 'The text is there with other line ends: old_text has CRLF, these lines end with LF. Write plain line feeds.'
    : 'The text is there, but its line ends are mixed (LF and CRLF). Edit fewer lines at a time, or use bash.';
}

function invisibleDiffers(fileText: string, passage: string): string | undefined {
  const shown = withVisibleInvisible(fileText);
  const there =
    shown !== fileText && (shown.includes(passage) || stripInvisible(fileText).includes(stripInvisible(passage)));
  if (!there) return undefined;
  return 'The text is there with invisible characters in it, which read_file shows as ⟨U+…⟩. Edit around them, or use bash.';
}

function whiteSpaceDiffers(fileLines: readonly string[], passage: string): string | undefined {
  const wanted = trimBlankEnds(passage.split('\n').map(squeezed));
  if (wanted.length === 0) return undefined;
  const squeezedFile = fileLines.map(squeezed);
  const start = squeezedFile.findIndex(
    (_, at) => at + wanted.length <= squeezedFile.length && wanted.every((line, i) => squeezedFile[at + i] === line),
  );
  if (start === -1) return undefined;
  const there = fileLines.slice(start, start + Math.min(wanted.length, 12));
  return [
    `Lines ${start + 1}-${start + wanted.length} differ from old_text only in white space. They are (→ is a tab, · a space at an end):`,
    ...there.map((line, i) => `${start + 1 + i}\t${visibleSpace(clipLine(line, 300))}`),
  ].join('\n');
}

function nearestLines(fileLines: readonly string[], passage: string): string {
  const probe = passage
    .split('\n')
    .map((line) => line.trim())
    .reduce((best, line) => (line.length > best.length ? line : best), '');
  const wanted = pairs(probe.slice(0, 500));
  const near = fileLines
    .map((line, index) => ({ line, number: index + 1, likeness: similarity(wanted, pairs(line.trim().slice(0, 500))) }))
    .filter((candidate) => candidate.likeness >= leastSimilarity)
    .sort((a, b) => b.likeness - a.likeness || a.number - b.number)
    .slice(0, mostShown);
  if (near.length === 0)
    return 'Nothing like it is in the file. Read the file again; search can find where the text is.';
  return [
    'The nearest lines are:',
    ...near.map(({ number, line }) => `${number}\t${clipLine(line.replace(/\r$/, ''), 300)}`),
    'Read the file again around them and copy the text exactly.',
  ].join('\n');
}

/** Pairs of neighbouring characters with their counts; similarity is Dice's coefficient over them (Dice, 1945). */
function pairs(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}

function similarity(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [pair, count] of a) shared += Math.min(count, b.get(pair) ?? 0);
  const all = size(a) + size(b);
  return all === 0 ? 0 : (2 * shared) / all;
}

function size(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function squeezed(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}

function trimBlankEnds(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line !== '');
  if (first === -1) return [];
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(first, last + 1);
}

function visibleSpace(line: string): string {
  const bare = line.replace(/\r$/, '');
  const body = bare.trimEnd();
  return body.replaceAll('\t', '→') + bare.slice(body.length).replaceAll('\t', '→').replaceAll(' ', '·');
}
