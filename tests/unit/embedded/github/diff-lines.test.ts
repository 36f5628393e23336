import { describe, expect, test } from 'vitest';
import { patchLines } from '../../../../src/domain/review/patch-lines.ts';
import { findLine, hunkAbove } from '../../../../src/embedded/github/pulls/diff-lines.ts';

const patch = [
  '@@ -1,3 +1,3 @@',
  ' a',
  '-b',
  '+B',
  ' c',
  '@@ -10 +10,2 @@ function x',
  '-j',
  '+j',
  '+k',
  '\\ No newline at end of file',
].join('\n');

describe('lines of a diff', () => {
  const lines = patchLines(patch);

  test('have a number on each side that they are on, and one position over all hunks', () => {
    expect(lines.map(({ position, hunk, left, right }) => [position, hunk, left, right])).toEqual([
      [1, 0, 1, 1],
      [2, 0, 2, undefined],
      [3, 0, undefined, 2],
      [4, 0, 3, 3],
      [6, 1, 10, undefined],
      [7, 1, undefined, 10],
      [8, 1, undefined, 11],
    ]);
  });

  test('are found by side and number, and are shown with what is above them', () => {
    const line = findLine(lines, 'RIGHT', 11);
    expect(line?.position).toBe(8);
    expect(line && hunkAbove(patch, line)).toBe('@@ -10 +10,2 @@ function x\n-j\n+j\n+k');
    expect(findLine(lines, 'RIGHT', 5)).toBeUndefined();
    expect(findLine(lines, 'LEFT', 11)).toBeUndefined();
  });
});
