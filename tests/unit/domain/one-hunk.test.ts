import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneHunk } from '../../../src/domain/one-hunk.ts';

it('shows a new file as lines that are added, and a deleted one as lines that go', () => {
  expect(oneHunk('', 'a\nb\n')).toBe('@@ -0,0 +1,2 @@\n+a\n+b');
  expect(oneHunk('a\nb\n', '')).toBe('@@ -1,2 +0,0 @@\n-a\n-b');
});

it('shows three lines around what differs', () => {
  const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
  expect(oneHunk(before, before.replace('5', 'five'))).toBe('@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8');
  expect(oneHunk(before, before)).toBe('');
});

it('says the lines of both sides, whatever they are', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [head = '', ...lines] = oneHunk(before, after).split('\n');
      fc.pre(before !== after);
      const [, from = '', gone = '', at = '', come = ''] = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(head) ?? [];
      const side = (mark: string): string[] =>
        lines.filter((line) => line[0] === ' ' || line[0] === mark).map((line) => line.slice(1));
      expect(side('-')).toHaveLength(Number(gone));
      expect(side('+')).toHaveLength(Number(come));
      const part = (whole: string, start: string, count: string) =>
        whole
          .split('\n')
          .slice(Math.max(0, Number(start) - 1))
          .slice(0, Number(count));
      expect(side('-')).toEqual(part(before, from, gone));
      expect(side('+')).toEqual(part(after, at, come));
    }),
  );
});
