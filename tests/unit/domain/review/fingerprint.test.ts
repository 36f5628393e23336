import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, fingerprintShape, plainCategory } from '../../../../src/domain/review/fingerprint.ts';

const finding = {
  path: 'src/a.ts',
  category: 'correctness',
  title: 'The last word is dropped when the input is empty',
};
const code = 'return words.slice(0, -1);';
const told = fingerprintOf(finding, code);

describe('the fingerprint of a finding', () => {
  test.each([
    ['in other letters and marks', { title: 'the last word is dropped, when the input is EMPTY!' }, code],
    ['with other small words', { title: 'Last word dropped when input is empty' }, code],
    ['in another order', { title: 'When the input is empty the last word is dropped' }, code],
    ['with code marked', { title: 'The last `word` is dropped when the **input** is empty' }, code],
    ['naming its line', { title: 'The last word is dropped when the input is empty (line 12)' }, code],
    ['with the code moved to the right', {}, `      ${code}`],
    ['with blanks in the code', {}, 'return words . slice( 0, -1 ) ;'],
    ['with its sort written otherwise', { category: 'Correctness ' }, code],
  ])('stays when it is told %s', (_name, differing, line) => {
    expect(fingerprintOf({ ...finding, ...differing }, line)).toBe(told);
  });

  test.each([
    ['another file', { path: 'src/b.ts' }, code],
    ['another sort', { category: 'security' }, code],
    ['another thing', { title: 'The first word is dropped when the input is empty' }, code],
    ['the opposite', { title: 'The last word is not dropped when the input is empty' }, code],
    ['another line of code', {}, 'return words;'],
    ['no line of code', {}, ''],
  ])('is another one for %s', (_name, differing, line) => {
    expect(fingerprintOf({ ...finding, ...differing }, line)).not.toBe(told);
  });

  test('is sixteen digits for whatever a model writes, and does not end differently twice', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string(),
        (title, category, line) => {
          const one = fingerprintOf({ path: 'x', category, title }, line);
          expect(one).toMatch(fingerprintShape);
          expect(fingerprintOf({ path: 'x', category, title }, line)).toBe(one);
          expect(plainCategory(category)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/);
        },
      ),
    );
  });

  test('of ten thousand findings is never the same', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => fingerprintOf({ ...finding, title: `word${n}` }, `${n % 7}`));
    expect(new Set(many).size).toBe(10_000);
  });
});
