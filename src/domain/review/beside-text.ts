import { endSign, type FindingTextOptions, findingBeside, findingMarkOf, findingShortened } from './finding-comment.ts';
import type { PlacedFinding } from './placed-finding.ts';

/** Of findings with all their words, characters: nobody reads more. */
const maxInFull = 40_000;

/**
 * Findings that have no line in the diff, within so many characters: with all their words, then shortened, and last as marks alone.
 * None goes without its mark, by which the next round knows it and tells it no second time.
 */
export function besideBlocks(
  beside: readonly PlacedFinding[],
  options: FindingTextOptions,
  room: number,
): readonly string[] {
  if (beside.length === 0) return [];
  const shown: string[] = [];
  const short: string[] = [];
  const bare: string[] = [];
  let inFull = maxInFull;
  let left = room - 400;
  for (const [at, each] of beside.entries()) {
    // Room for the marks of those behind it.
    const free = left - beside.slice(at + 1).reduce((sum, other) => sum + findingMarkOf(other, options).length, 0);
    const text = findingBeside(each, options);
    const line = findingShortened(each, options);
    if (text.length + 2 <= Math.min(free, inFull)) {
      shown.push(text);
      inFull -= text.length + 2;
      left -= text.length + 2;
    } else if (line.length + 2 <= free) {
      short.push(line);
      left -= line.length + 2;
    } else {
      const mark = findingMarkOf(each, options);
      bare.push(mark);
      left -= mark.length;
    }
  }
  const shortened = short.length === 0 ? [] : [`${endSign}\nAnd, shortened:`, ...short];
  const rest =
    bare.length === 0
      ? []
      : [`${endSign}\nAnd ${bare.length} more, for whose words there is no room here.${bare.join('')}`];
  return ['What has no line in the diff:', ...shown, ...shortened, ...rest];
}
