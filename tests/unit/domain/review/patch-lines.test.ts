import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patchLines } from '../../../../src/domain/review/patch-lines.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

describe('the lines of a patch', () => {
  test('are numbered on each side that they are on', () => {
    const patch = '@@ -1,3 +1,4 @@ head\n a\n-b\n+B\n+c\n d\n@@ -9 +10 @@\n-x\n+y\n\\ No newline at end of file';
    expect(
      patchLines(patch).map(({ hunk, position, left, right, text }) => [hunk, position, left, right, text]),
    ).toEqual([
      [0, 1, 1, 1, 'a'],
      [0, 2, 2, undefined, 'b'],
      [0, 3, undefined, 2, 'B'],
      [0, 4, undefined, 3, 'c'],
      [0, 5, 3, 4, 'd'],
      [1, 7, 9, undefined, 'x'],
      [1, 8, undefined, 10, 'y'],
    ]);
  });

  test.each([
    ['lines that look like heads', '@@ -1,2 +1,2 @@\n-@@ -5 +5 @@\n+@@ -6 +6 @@\n same', [undefined, 1, 2]],
    ['a new file', '@@ -0,0 +1,2 @@\n+one\n+two', [1, 2]],
    ['a file that is gone', '@@ -1,2 +0,0 @@\n-one\n-two', [undefined, undefined]],
    ['carriage returns', '@@ -1 +1 @@\r\n-a\r\n+b\r\n', [undefined, 1]],
    ['an empty line without its blank', '@@ -1,3 +1,3 @@\n a\n\n-b\n+c', [1, 2, undefined, 3]],
    ['heads of files', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b', [undefined, 1]],
    ['no hunk', 'Binary files differ', []],
    ['nothing', '', []],
  ])('of %s', (_name, patch, rights) => {
    expect(patchLines(patch).map(({ right }) => right)).toEqual(rights);
  });

  test('are the very lines of both files in what git writes, whatever these hold', () => {
    using folder = tempFolder({});
    const [before, after] = ['before', 'after'].map((name) => join(folder.root, name)) as [string, string];
    fc.assert(
      fc.property(files, ({ old, fresh }) => {
        writeFileSync(before, old);
        writeFileSync(after, fresh);
        const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--text', before, after];
        const lines = patchLines(spawnSync('git', args, { encoding: 'utf8' }).stdout);
        const [left, right] = [old, fresh].map(linesOf) as [string[], string[]];
        for (const line of lines) {
          if (line.left !== undefined) expect(line.text).toBe(left[line.left - 1]);
          if (line.right !== undefined) expect(line.text).toBe(right[line.right - 1]);
        }
        // Laid over the old file it gives the new one: no line is missing.
        const gone = new Set(lines.filter((line) => line.right === undefined).map((line) => line.left));
        const kept = left.filter((_, at) => !gone.has(at + 1));
        const added = lines.filter((line) => line.left === undefined);
        expect(kept.length + added.length).toBe(right.length);
        const made = new Set(added.map((line) => line.right));
        expect(right.filter((_, at) => !made.has(at + 1))).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

const anyLine = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a',
    'b',
    '@@ -1 +1 @@',
    '--- a/x',
    '+++ b/x',
    '-',
    '+',
    '\\ No newline at end of file',
    '\u2028',
    '\f',
  ),
  fc.string({ unit: fc.constantFrom('x', 'y', ' ', '\t', 'é', '🦊'), maxLength: 6 }),
);

/** Two versions that have much in common, with line ends of either sort and with or without the last one. */
const files = fc
  .record({
    lines: fc.array(
      fc.record({ text: anyLine, fate: fc.constantFrom('keep', 'keep', 'keep', 'drop', 'add', 'change') }),
      {
        maxLength: 40,
      },
    ),
    end: fc.constantFrom('\n', '\r\n'),
    lastOld: fc.boolean(),
    lastNew: fc.boolean(),
  })
  .map(({ lines, end, lastOld, lastNew }) => {
    const old = lines.filter(({ fate }) => fate !== 'add').map(({ text }) => text);
    const fresh = lines
      .filter(({ fate }) => fate !== 'drop')
      .map(({ text, fate }) => (fate === 'change' ? `${text}!` : text));
    const whole = (parts: readonly string[], last: boolean): string =>
      parts.length === 0 ? '' : parts.join(end) + (last ? end : '');
    return { old: whole(old, lastOld), fresh: whole(fresh, lastNew) };
  });

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return text === '' ? [] : text.endsWith('\n') ? lines.slice(0, -1) : lines;
}
