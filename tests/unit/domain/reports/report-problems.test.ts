import { describe, expect, it } from 'vitest';
import { type ChangedFile, shownLines } from '../../../../src/domain/pull-change.ts';
import { answerProblems } from '../../../../src/domain/reports/answer-problems.ts';
import type { Finding } from '../../../../src/domain/reports/finding.ts';
import type { KnownFinding } from '../../../../src/domain/reports/open-finding.ts';
import { reviewProblems } from '../../../../src/domain/reports/review-problems.ts';

const hunks = '@@ -1,3 +1,4 @@\n a\n+b\n c\n d\n@@ -20,2 +21,2 @@ function x()\n-y\n+z\n w\n';
const changed: ChangedFile = { path: 'src/a.ts', change: 'modified', added: 2, removed: 1, hunks };
const gone: ChangedFile = { path: 'old.ts', change: 'deleted', added: 0, removed: 1, hunks: '@@ -1 +0,0 @@\n-x\n' };
const image: ChangedFile = { path: 'logo.png', change: 'added', added: 0, removed: 0 };
const change = { files: [changed, gone, image] };

const finding = (place: Partial<Finding>): Finding => ({
  path: 'src/a.ts',
  severity: 'major',
  category: 'tests',
  title: 't',
  body: 'b',
  ...place,
});
const problems = (...findings: readonly Finding[]) =>
  reviewProblems({ kind: 'review', summary: 's', findings, earlier: [], notReviewed: [] }, { change, known: [] });

const known = (fingerprint: string, standing: KnownFinding['standing'] = 'open'): KnownFinding => ({
  ...finding({}),
  fingerprint,
  round: 1,
  standing,
});

describe('places of findings', () => {
  it('are the lines that a diff shows of the new side', () => {
    expect(shownLines(hunks)).toEqual([
      { from: 1, to: 4 },
      { from: 21, to: 22 },
    ]);
    expect(shownLines('@@ -1 +1 @@\n-a\n+b\n')).toEqual([{ from: 1, to: 1 }]);
    expect(shownLines('@@ -1,2 +0,0 @@\n-a\n-b\n')).toEqual([]);
  });

  it.each([
    ['a line of the diff', { line: 2 }],
    ['a line around the change', { line: 4 }],
    ['lines of one hunk', { startLine: 21, line: 22 }],
    ['the file as a whole', {}],
    ['a file that is gone, as a whole', { path: 'old.ts' }],
    ['a file that is no text, as a whole', { path: 'logo.png' }],
  ])('can be %s', (_what, place) => {
    expect(problems(finding(place))).toEqual([]);
  });

  it.each([
    ['a line that the diff does not show', { line: 10 }, 'it shows 1–4, 21–22 of the new side'],
    ['lines of two hunks', { startLine: 4, line: 21 }, 'names lines 4 to 21'],
    ['a file that is not in the diff', { path: 'src/b.ts' }, 'which is no file of the diff'],
    ['a line of a file that is gone', { path: 'old.ts', line: 1 }, 'which has none on the new side'],
    ['a beginning without an end', { startLine: 2 }, 'has a start_line and no line'],
    ['an end before the beginning', { startLine: 3, line: 2 }, 'ends before it, at 2'],
    ['a suggestion without a line', { suggestion: 'x' }, 'suggests lines and names none'],
  ])('cannot be %s', (_what, place, told) => {
    expect(problems(finding({ line: 1 }), finding(place))).toEqual([expect.stringContaining(told)]);
    expect(problems(finding(place))[0]).toMatch(/^finding 1 /);
  });
});

describe('answers to findings', () => {
  const answer = (fingerprint: string) => ({ fingerprint, answer: 'fixed', why: 'done' }) as const;

  it('are one for each open finding, and for nothing else', () => {
    const open = [known('a'), known('b'), known('c', 'fixed')];
    expect(answerProblems([answer('a'), answer('b')], open)).toEqual([]);
    expect(answerProblems(undefined, [])).toEqual([]);
    expect(answerProblems([answer('a')], open)).toEqual(['nothing is said of b']);
    expect(answerProblems([answer('a'), answer('b'), answer('b')], open)).toEqual(['"b" is answered twice']);
    expect(answerProblems([answer('a'), answer('b'), answer('c')], open)).toEqual([
      '"c" is the fingerprint of no open finding',
    ]);
  });
});
