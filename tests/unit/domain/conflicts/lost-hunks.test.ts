import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignLines } from '../../../../src/domain/conflicts/align-lines.ts';
import { conflictMarks } from '../../../../src/domain/conflicts/conflict-marks.ts';
import { judgeMerge, type MergedFile } from '../../../../src/domain/conflicts/lost-hunks.ts';
import { lostPlaces, lostText } from '../../../../src/domain/conflicts/lost-text.ts';
import { lostSummary, unmerged } from '../../../../src/domain/conflicts/unmerged.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';

const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
const file = (versions: Omit<MergedFile, 'path'>, path = 'src/a.ts'): MergedFile => ({ path, ...versions });
const fates = (versions: Omit<MergedFile, 'path'>): readonly string[] =>
  judgeMerge([file(versions)]).hunks.map(({ side, fate }) => `${side} ${fate}`);

const base = text('import a;', '', 'function limit(n) {', '  return n;', '}', '', 'export { limit };');
const ours = text(
  'import a;',
  '',
  'function limit(n, most) {',
  '  return Math.min(n, most);',
  '}',
  '',
  'export { limit };',
);
const theirs = text('import a;', '', 'function limit(n) {', '  check(n);', '  return n;', '}', '', 'export { limit };');
const both = text(
  'import a;',
  '',
  'function limit(n, most) {',
  '  check(n);',
  '  return Math.min(n, most);',
  '}',
  '',
  'export { limit };',
);

describe('judgeMerge', () => {
  test('finds nothing lost where both sides’ changes are in the merge', () => {
    expect(judgeMerge([file({ base, ours, theirs, merged: both })]).lost).toEqual([]);
  });

  test('finds every change of the other side lost when one side is taken', () => {
    expect(fates({ base, ours, theirs, merged: ours })).toContain('theirs lost');
    expect(fates({ base, ours, theirs, merged: theirs }).filter((fate) => fate === 'ours lost').length).toBeGreaterThan(
      0,
    );
    expect(fates({ base, ours, theirs, merged: ours })).not.toContain('ours lost');
  });

  test('finds both lost when the merge is the base again', () => {
    const judged = fates({ base, ours, theirs, merged: base });
    expect(judged.every((fate) => fate.endsWith('lost'))).toBe(true);
  });

  test('takes code for kept that was moved and re-indented, and such that was joined where it was', () => {
    const moved = [
      'import a;',
      '',
      'export { limit };',
      '',
      'if (a) {',
      '    function limit(n, most) {',
      '      check(n);',
      '      return Math.min(n, most);',
      '    }',
      '}',
    ];
    expect(judgeMerge([file({ base, ours, theirs, merged: text(...moved) })]).lost).toEqual([]);
    const joined = 'function limit(n, most) { check(n); return Math.min(n, most); }';
    const merged = text('import a;', '', joined, '', 'export { limit };');
    expect(judgeMerge([file({ base, ours, theirs, merged })]).lost).toEqual([]);
  });

  test('takes one line that both changed for kept when it says what both said', () => {
    const lines = { base: 'const x = a;\n', ours: 'const x = a + b;\n', theirs: 'const x = a * c;\n' };
    expect(judgeMerge([file({ ...lines, merged: 'const x = a * c + b;\n' })]).lost).toEqual([]);
    expect(fates({ ...lines, merged: 'const x = a * c;\n' })).toEqual(['ours lost', 'theirs kept']);
  });

  test('tells two orders of the same words apart', () => {
    const lines = { base: 'f(x)\n', ours: 'f(x, b)\n', theirs: 'f(b, x)\n' };
    expect(fates({ ...lines, merged: 'f(x, b)\n' })).toContain('theirs lost');
    expect(fates({ ...lines, merged: 'f(b, x)\n' })).toContain('ours lost');
  });

  test('takes what both sides did alike for kept, and misses it when it is gone', () => {
    const alike = text('import a;', '', 'function limit(n) {', '  return n + 1;', '}', '', 'export { limit };');
    expect(fates({ base, ours: alike, theirs: alike, merged: alike })).toEqual(['ours kept', 'theirs kept']);
    expect(fates({ base, ours: alike, theirs: alike, merged: base })).toEqual(['ours lost', 'theirs lost']);
  });

  test('misses a deletion that was undone', () => {
    const without = text('import a;', '', 'export { limit };');
    expect(fates({ base, ours: without, theirs: base, merged: base })).toEqual(['ours lost']);
    expect(fates({ base, ours: without, theirs: base, merged: without })).toEqual(['ours kept']);
  });

  test('does not decide between a deletion and a change of what was deleted: one of them is lost', () => {
    const files = { base, ours: undefined, theirs };
    expect(fates({ ...files, merged: theirs })).toContain('ours lost');
    expect(fates({ ...files, merged: undefined })).toContain('theirs lost');
  });

  test('follows a file that one side renamed while the other changed it', () => {
    const renamed = [
      file({ base, ours, theirs: undefined, merged: undefined }, 'src/a.ts'),
      file({ base: undefined, ours: undefined, theirs: base, merged: ours }, 'src/b.ts'),
    ];
    expect(judgeMerge(renamed).lost.filter(({ side }) => side === 'ours')).toEqual([]);
  });

  test('takes bytes as a whole: who changed them and is not taken has lost', () => {
    const bytes = { base: '\0a', ours: '\0b', theirs: '\0c' };
    expect(fates({ ...bytes, merged: '\0b' })).toEqual(['ours kept', 'theirs lost']);
    expect(fates({ ...bytes, theirs: '\0a', merged: '\0b' })).toEqual(['ours kept']);
  });

  test('misses an empty file that was made', () => {
    expect(fates({ base: undefined, ours: '', theirs: undefined, merged: undefined })).toEqual(['ours lost']);
    expect(fates({ base: undefined, ours: '', theirs: undefined, merged: '' })).toEqual(['ours kept']);
  });

  test('finds nothing lost in a merge of changes that do not touch each other, and the dropped one when one is dropped', () => {
    const words = fc.array(fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'return', 'x', '1'), {
      minLength: 1,
      maxLength: 4,
    });
    const lines = fc.array(
      words.map((parts) => parts.join(' ')),
      { minLength: 12, maxLength: 30 },
    );
    fc.assert(
      fc.property(lines, fc.nat(3), fc.nat(3), (before, first, second) => {
        const numbered = before.map((line, at) => `${at}: ${line}`);
        const replace = (at: number, line: string, from: readonly string[]): string[] =>
          from.map((each, i) => (i === at ? line : each));
        const oursLines = replace(first, 'ours changed this', numbered);
        const theirsLines = replace(first + 5 + second, 'theirs said something', numbered);
        const merged = replace(first + 5 + second, 'theirs said something', oursLines);
        const versions = { base: numbered.join('\n'), ours: oursLines.join('\n'), theirs: theirsLines.join('\n') };
        expect(judgeMerge([file({ ...versions, merged: merged.join('\n') })]).lost).toEqual([]);
        expect(judgeMerge([file({ ...versions, merged: oursLines.join('\n') })]).lost.map(({ side }) => side)).toEqual([
          'theirs',
        ]);
        expect(
          judgeMerge([file({ ...versions, merged: theirsLines.join('\n') })]).lost.map(({ side }) => side),
        ).toEqual(['ours']);
      }),
    );
  });

  test('never finds anything lost when nothing was merged: one side is the base, and the other is taken', () => {
    const anyText = fc
      .array(fc.constantFrom('a', 'b', '{', '}', '', '  a', 'return a;'), { maxLength: 20 })
      .map((all) => all.join('\n'));
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const kept = judgeMerge([file({ base: before, ours: before, theirs: after, merged: after })]);
        expect(kept.lost).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('takes seconds at most for texts that are made to be slow', () => {
    const same = 'x\n'.repeat(20_000);
    const started = cpuMs();
    judgeMerge([file({ base: same, ours: `${'y\n'.repeat(20_000)}`, theirs: `z\n${same}`, merged: same })]);
    const shuffled = (seed: number): string =>
      Array.from({ length: 8_000 }, (_, at) => `line ${(at * seed) % 7_919}`).join('\n');
    judgeMerge([file({ base: shuffled(3), ours: shuffled(5), theirs: shuffled(7), merged: shuffled(11) })]);
    expect(cpuMs() - started).toBeLessThan(10_000);
  });
});

describe('alignLines', () => {
  test('only ever pairs equal lines, in rising order', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', '}'), { maxLength: 40 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        let last = -1;
        for (const [at, place] of alignLines(a, b).entries()) {
          if (place < 0) continue;
          expect(b[place]).toBe(a[at]);
          expect(place).toBeGreaterThan(last);
          last = place;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('pairs all lines of equal texts', () => {
    expect([...alignLines(['a', 'a', 'b'], ['a', 'a', 'b'])]).toEqual([0, 1, 2]);
    expect([...alignLines(['a', 'b', 'a'], ['b', 'a'])]).toEqual([-1, 0, 1]);
  });
});

describe('what is told of a merge', () => {
  const marked = text('a', '<<<<<<< this-branch', 'b', '=======', 'c', '>>>>>>> base-branch');

  test('marks that are left come first', () => {
    const wrong = unmerged([file({ base: text('a'), ours: text('a', 'b'), theirs: text('a', 'c'), merged: marked })]);
    expect(wrong).toEqual({ kind: 'marks', left: [{ path: 'src/a.ts', lines: [2, 4, 6] }] });
  });

  test('a line of equals signs is a heading where no conflict is open, and marks that were there before are no conflict', () => {
    expect(conflictMarks('Heading\n=======\ntext\n')).toEqual([]);
    expect(conflictMarks(marked, marked)).toEqual([]);
    expect(conflictMarks('<<<<<<< HEAD\r\na\r\n=======\r\n>>>>>>> x\r\n')).toEqual([1, 3, 4]);
    expect(conflictMarks('a <<<<<<< b\n<<<<<<<<\n')).toEqual([]);
    // The mark before what the fork had is one by itself, and is one that a text may have had before.
    expect(conflictMarks('a\n||||||| 1f2e3d4\nold\n=======\nb\n')).toEqual([2, 4]);
    expect(conflictMarks('||||||| 1f2e3d4\r\n', '||||||| 1f2e3d4\r\n')).toEqual([]);
    expect(conflictMarks('|||||||a table|\n')).toEqual([]);
  });

  test('lost changes are told by side and place, bounded', () => {
    const many = Array.from({ length: 40 }, (_, at) => `line ${at}`);
    const changed = many.map((line, at) => (at % 2 === 0 ? `${line} was changed` : line));
    const { lost } = judgeMerge([
      file({ base: text(...many), ours: text(...many), theirs: text(...changed), merged: text(...many) }),
    ]);
    expect(lost).toHaveLength(20);
    expect(lostSummary(lost)).toBe('20 changes of the base branch are not in the merge');
    expect(lostText(lost)).toContain('+ line 0 was changed');
    expect(lostText(lost)).toContain('and 8 more changes');
    expect(lostText(lost).length).toBeLessThan(4_000);
    expect(lostPlaces(lost)[0]).toBe('"src/a.ts" near line 1, changed on the base branch');
  });
});
