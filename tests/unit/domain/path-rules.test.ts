import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globProblem, matchesGlob } from '../../../src/domain/path-rules.ts';
import { cpuMs } from '../../fakes/cpu-time.ts';

describe('a glob', () => {
  it.each([
    ['*.ts', 'a.ts'],
    ['*.ts', 'deep/er/a.ts'],
    ['/*.ts', 'a.ts'],
    ['src', 'src/a/b.ts'],
    ['src/', 'src/a.ts'],
    ['src/**', 'src/a/b.ts'],
    ['src/*', 'src/a/b.ts'],
    ['**/test/**', 'a/test/b'],
    ['**/test/**', 'test/b'],
    ['a/**/z', 'a/z'],
    ['a/**/z', 'a/b/c/z'],
    ['a?c', 'abc'],
    ['*a*b*', 'xxaxxbxx'],
    ['.github', '.github/workflows/x.yml'],
  ])('%s matches %s', (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(true);
  });

  it.each([
    ['/*.ts', 'deep/a.ts'],
    ['src/**', 'src'],
    ['src/**', 'lib/src/a.ts'],
    ['/.*/**', '.gitignore'],
    ['a?c', 'ac'],
    ['a*', 'ba'],
    ['a/*/z', 'a/b/c/z'],
    ['', 'a'],
    ['/', 'a'],
    ['A', 'a'],
  ])('%s does not match %s', (glob, path) => {
    expect(matchesGlob(glob, path)).toBe(false);
  });

  it('matches every path that it was made from by putting stars in', () => {
    const segment = fc.stringMatching(/^[a-c.]{1,6}$/);
    const path = fc.array(segment, { minLength: 1, maxLength: 5 });
    const property = fc.property(path, fc.nat(), fc.nat(), (segments, which, cut) => {
      const glob = segments.map((part, at) =>
        at === which % segments.length ? `${part.slice(0, cut % part.length)}*` : part,
      );
      expect(matchesGlob(`/${glob.join('/')}`, segments.join('/'))).toBe(true);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('takes no long time for stars made to explode', () => {
    const started = cpuMs();
    expect(matchesGlob(`${'*a'.repeat(140)}b`, 'a'.repeat(1_000))).toBe(false);
    expect(matchesGlob(`${'**/'.repeat(90)}b`, 'a/'.repeat(500))).toBe(false);
    expect(cpuMs() - started).toBeLessThan(500);
  });

  it('tells of what it does not know instead of matching nothing', () => {
    expect(globProblem('src/**/*.ts')).toBeUndefined();
    for (const glob of ['', 'a/[bc]', '!a', 'a/{b,c}', 'a\\b', '../x', 'x'.repeat(301)])
      expect(globProblem(glob)).toEqual(expect.any(String));
  });
});
