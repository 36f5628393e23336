import { symlinkSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonFolder, findFiles } from '../../../../src/embedded/runner/artifact/find-files.ts';
import { parseSearchPatterns } from '../../../../src/embedded/runner/artifact/search-pattern.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const files = { 'a.txt': '', 'b/c.txt': '', 'b/d/e.md': '', 'b/.hidden/f.txt': '', '.env': '', 'b/x[1].txt': '' };

function find(
  root: string,
  patterns: readonly string[],
  hidden: 'included' | 'excluded' = 'excluded',
): readonly string[] {
  const search = { patterns, cwd: root, home: '/home/me', hiddenFiles: hidden, symbolicLinks: 'followed' } as const;
  return findFiles(search).files.map((file) => path.relative(root, file));
}

describe('a search', () => {
  test.each([
    [['.'], ['a.txt', 'b/c.txt', 'b/d/e.md', 'b/x[1].txt']],
    [['b'], ['b/c.txt', 'b/d/e.md', 'b/x[1].txt']],
    [['b/'], ['b/c.txt', 'b/d/e.md', 'b/x[1].txt']],
    [['*.txt'], ['a.txt']],
    [['**/*.txt'], ['a.txt', 'b/c.txt', 'b/x[1].txt']],
    [['b/**'], ['b/c.txt', 'b/d/e.md', 'b/x[1].txt']],
    [['b/**/*.md'], ['b/d/e.md']],
    [['?.txt'], ['a.txt']],
    [['[ab].txt'], ['a.txt']],
    [['b/x\\[1\\].txt'], ['b/x[1].txt']],
    [
      ['b', '!b/d'],
      ['b/c.txt', 'b/x[1].txt'],
    ],
    [
      ['b', '!**/*.md', 'b/d/e.md'],
      ['b/c.txt', 'b/d/e.md', 'b/x[1].txt'],
    ],
    [['# a remark', '', 'a.txt'], ['a.txt']],
    [['!a.txt'], []],
    [['nowhere/**'], []],
    [['b/../a.txt'], ['a.txt']],
  ])('for %j finds %j', (patterns, found) => {
    using folder = tempFolder(files);
    expect(find(folder.root, patterns)).toEqual(found);
  });

  test('finds hidden files only when told so, and a hidden folder that is named not at all', () => {
    using folder = tempFolder(files);
    expect(find(folder.root, ['.'], 'included')).toContain('b/.hidden/f.txt');
    expect(find(folder.root, ['b/.hidden'])).toEqual([]);
    expect(find(folder.root, ['b/.hidden/f.txt'])).toEqual(['b/.hidden/f.txt']);
  });

  test('follows links once, and leaves broken ones out', () => {
    using folder = tempFolder(files);
    symlinkSync(folder.root, path.join(folder.root, 'b/loop'));
    symlinkSync('/nowhere/at/all', path.join(folder.root, 'broken'));
    const found = find(folder.root, ['.']);
    expect(found).not.toContain('broken');
    expect(found).toContain('a.txt');
  });

  test('is linear in hostile patterns', () => {
    const [pattern] = parseSearchPatterns([`/x/${'**/'.repeat(60)}*a*a*a*a/b`], { cwd: '/', home: '/' });
    const started = cpuMs();
    expect(pattern?.matches(`/x/${'aaaa/'.repeat(200)}c`)).toBe(false);
    expect(cpuMs() - started).toBeLessThan(1_000);
  });

  test('takes any line without a fault', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (line, file) => {
        for (const pattern of parseSearchPatterns([line], { cwd: '/w', home: '/h' }))
          expect(typeof pattern.matches(`/w/${file}`)).toBe('boolean');
      }),
    );
  });
});

test.each([
  [['/a/b/c', '/a/b/d'], '/a/b'],
  [['/a/b', '/a/b/c'], '/a/b'],
  [['/a', '/b'], '/'],
  [['/a/b'], '/a/b'],
])('the common folder of %j is %s', (paths, folder) => {
  expect(commonFolder(paths)).toBe(folder);
});
