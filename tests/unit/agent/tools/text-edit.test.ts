import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedLines, linesAround, replacePassage } from '../../../../src/agent/tools/text-edit.ts';

const edited = (file: string, oldText: string, newText: string) => {
  const result = replacePassage(file, oldText, newText);
  if (result.kind !== 'edited') throw new Error(result.kind);
  return { ...result, figures: Object.values(changedLines(result)).join(' ') };
};

test('figures count whole lines put in and taken out', () => {
  expect(edited('a\nb\nc\n', 'b', 'B').figures).toBe('1 1');
  expect(edited('a\nb\nc\n', 'b\n', '').figures).toBe('0 1');
  expect(edited('a\nb\nc\n', 'c\n', 'c\nd\ne\n').figures).toBe('2 0');
  expect(edited('\na', '\n', 'x\n').figures).toBe('1 1');
  expect(edited('abc', 'b', '\n').figures).toBe('2 1');
});

test('the excerpt starts at the right line at both ends of a file', () => {
  expect(linesAround(edited('a\nb\nc\nd\ne\n', 'a', 'A'), 1)).toEqual({ from: 1, text: 'A\nb' });
  expect(linesAround(edited('a\nb\nc\nd\ne', 'e', 'E'), 2)).toEqual({ from: 3, text: 'c\nd\nE' });
});

const texts = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r\n', ' '), maxLength: 30 });

test('exactly one place changes, and everything else stays byte for byte', () => {
  fc.assert(
    fc.property(
      texts,
      texts.filter((text) => text !== ''),
      texts,
      (file, oldText, newText) => {
        const result = replacePassage(file, oldText, newText);
        if (result.kind !== 'edited') return;
        expect(result.after.slice(0, result.at)).toBe(file.slice(0, result.at));
        expect(result.after.slice(result.at + result.newLength)).toBe(file.slice(result.at + result.oldLength));
        const passage = file.slice(result.at, result.at + result.oldLength);
        expect(passage.replaceAll('\r', '')).toBe(oldText.replaceAll('\r', ''));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a file that ends all lines the same way still does after an edit', () => {
  const lines = fc.array(fc.constantFrom('one', 'two', 'three', ''), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(lines, lines, fc.constantFrom('\n', '\r\n'), (before, fresh, end) => {
      const file = before.map((line, at) => `${line}${at}${end}`).join('');
      const result = replacePassage(file, `${before[0]}0\n${before[1]}1`, fresh.join('\n'));
      expect(result.kind).toBe('edited');
      if (result.kind !== 'edited') return;
      const ends = result.after.split('\n').slice(0, -1);
      expect(ends.every((line) => line.endsWith('\r') === (end === '\r\n'))).toBe(true);
    }),
  );
});
