import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/domain/reports/finding.ts';
import { placeOnDiff } from '../../../../src/domain/review/place-on-diff.ts';

const patch = '@@ -1,3 +1,4 @@\n one\n-two\n+TWO\n+half\n three\n@@ -20,2 +21,2 @@\n-twenty\n+TWENTY\n more';
const files = [
  { path: 'src/a.ts', previousPath: undefined, patch },
  { path: 'src/new-name.ts', previousPath: 'src/old-name.ts', patch },
  { path: 'logo.png', previousPath: undefined, patch: undefined },
  { path: 'gone.ts', previousPath: undefined, patch: '@@ -1,2 +0,0 @@\n-one\n-two' },
];
const finding = (place: Partial<Finding>): Finding => ({
  ...{ path: 'src/a.ts', severity: 'major', category: 'correctness', title: 'It is wrong', body: 'Very.' },
  ...place,
});

describe('the place of a finding', () => {
  test.each([
    ['a line that was added', { line: 2 }, { line: 2, code: 'TWO', exact: true }],
    ['a line around the change', { line: 4 }, { line: 4, code: 'three', exact: true }],
    ['lines of one hunk', { startLine: 2, line: 3 }, { startLine: 2, line: 3, code: 'half', exact: true }],
    ['the same, told the wrong way round', { startLine: 3, line: 2 }, { startLine: 2, line: 3, exact: true }],
    ['one line, told as a range', { startLine: 2, line: 2 }, { line: 2, exact: true }],
    ['lines of two hunks, at the last', { startLine: 2, line: 21 }, { line: 21, code: 'TWENTY', exact: false }],
    ['lines of which the first is not shown', { startLine: 19, line: 22 }, { line: 22, exact: false }],
    ['a file by the name that it had', { path: 'src/old-name.ts', line: 2 }, { path: 'src/new-name.ts', line: 2 }],
  ])('is %s', (_name, place, expected) => {
    const placed = placeOnDiff(finding(place), { files, complete: true });
    expect(placed).toMatchObject({ kind: 'on', ...expected });
    expect('startLine' in placed).toBe('startLine' in expected);
  });

  test.each([
    ['the file as a whole', {}, /as a whole/],
    ['a line that the diff does not show', { line: 9 }, /does not show this line/],
    ['a file that is not changed', { path: 'src/b.ts', line: 1 }, /does not change this file/],
    ['a file without lines', { path: 'logo.png', line: 1 }, /no lines of this file/],
    ['a file that is gone', { path: 'gone.ts', line: 1 }, /does not show this line/],
  ])('is beside the diff for %s', (_name, place, why) => {
    const placed = placeOnDiff(finding(place), { files, complete: true });
    expect(placed).toMatchObject({ kind: 'beside', why: expect.stringMatching(why) });
  });

  test('of a file that GitHub does not list is not said to be unchanged when the list is cut', () => {
    const placed = placeOnDiff(finding({ path: 'src/b.ts', line: 1 }), { files, complete: false });
    expect(placed).toMatchObject({ kind: 'beside', why: 'GitHub shows no diff of this file' });
  });
});
