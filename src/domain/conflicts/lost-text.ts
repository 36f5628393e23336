import { counted } from '../counted.ts';
import type { LeftMarks } from './conflict-marks.ts';
import type { JudgedHunk } from './lost-hunks.ts';

/** So many hunks are told in full; the rest is counted. */
const maxHunks = 12;
const maxLines = 12;
const maxLine = 200;

/** What a merge has lost, for whoever made it: whose change, where, and how it read. Bounded; the lines are untrusted. */
export function lostText(lost: readonly JudgedHunk[]): string {
  const shown = lost.slice(0, maxHunks).map(hunkText);
  const more = lost.length > maxHunks ? [`and ${counted(lost.length - maxHunks, 'more change', 'more changes')}`] : [];
  return [...shown, ...more].join('\n\n');
}

/** `src/a.ts:12 (base)`: one line for each, for people. */
export function lostPlaces(lost: readonly JudgedHunk[]): readonly string[] {
  const places = lost.map(
    ({ path, line, side }) => `${JSON.stringify(path)} near line ${line}, changed on ${sideName(side)}`,
  );
  return [...new Set(places)].slice(0, maxHunks);
}

export function marksText(left: readonly LeftMarks[]): string {
  return left
    .slice(0, maxHunks)
    .map(({ path, lines }) => `${JSON.stringify(path)}, line ${lines.slice(0, 6).join(', ')}`)
    .join('; ');
}

function hunkText({ path, line, side, removed, added, share }: JudgedHunk): string {
  const head = `${JSON.stringify(path)} near line ${line} of the fork: a change of ${sideName(side)} (${Math.round(share * 100)} % of it found)`;
  return [head, ...marked('-', removed), ...marked('+', added)].join('\n');
}

function sideName(side: JudgedHunk['side']): string {
  return side === 'ours' ? 'this branch' : 'the base branch';
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  const shown = lines.slice(0, maxLines).map((line) => `${mark} ${line.slice(0, maxLine)}`);
  return lines.length > maxLines ? [...shown, `${mark} [… ${lines.length - maxLines} lines]`] : shown;
}
