import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesFilter } from '../../../../src/embedded/runner/plan/filter-pattern.ts';

/** The cheat sheet of the workflow syntax page, row by row. */
const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['feature/*', ['feature/my-branch', 'feature/your-branch'], ['feature/a/b', 'feature']],
  ['feature/**', ['feature/beta-a/my-branch', 'feature/your-branch', 'feature/mona/the/octocat'], ['features/x']],
  ['main', ['main'], ['main2', 'amain']],
  ['*', ['main', 'releases'], ['all/the/branches']],
  ['**', ['all/the/branches', 'every/tag'], []],
  ['*feature', ['mona-feature', 'feature', 'ver-10-feature'], ['feature/x']],
  ['v2*', ['v2', 'v2.0', 'v2.9'], ['v1']],
  ['v[12].[0-9]+.[0-9]+', ['v1.10.1', 'v2.0.0'], ['v3.0.0', 'v1..1']],
  ['*.jsx?', ['page.js', 'page.jsx'], ['page.jsxx', 'dir/page.js']],
  ['**.js', ['index.js', 'js/index.js', 'src/js/app.js'], ['index.jsx']],
  ['docs/**/*.md', ['docs/hello/a.md', 'docs/a/markdown/file.md'], ['README.md']],
  ['**/README.md', ['js/README.md'], ['README.mdx']],
  ['**/*src/**', ['a/src/app.js', 'my-src/code/js/app.js'].slice(0, 1), ['src.js']],
  ['**/migrate-*.sql', ['db/migrate-10909.sql'], ['db/sept/x.sql']],
];

describe('a filter pattern', () => {
  test.each(rows)('%s matches as documented', (pattern, yes, no) => {
    for (const value of yes) expect([value, matchesFilter(value, [pattern])]).toEqual([value, true]);
    for (const value of no) expect([value, matchesFilter(value, [pattern])]).toEqual([value, false]);
  });

  test('takes out again what a later ! matches, and in again after that', () => {
    const patterns = ['releases/**', '!releases/**-alpha', 'releases/9-alpha'];
    expect(matchesFilter('releases/beta/3', patterns)).toBe(true);
    expect(matchesFilter('releases/beta/3-alpha', patterns)).toBe(false);
    expect(matchesFilter('releases/9-alpha', patterns)).toBe(true);
    expect(matchesFilter('main', ['!main'])).toBe(false);
  });

  test('never throws and matches itself when it holds nothing special', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const result = matchesFilter(text, [text]);
        if (!/[*?+![\]\\]/.test(text) && text !== '') expect(result).toBe(true);
      }),
    );
  });
});
